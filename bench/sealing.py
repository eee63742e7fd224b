"""Sealing a round of 10,000 submissions, beside one SQL statement that does the same."""

import inspect
import time
from datetime import datetime, timedelta

from django.db import connection, transaction

from applications.domain.sealing import seal_round
from applications.models import SealedApplication
from bench.population import copy_submissions, prepare, submitted_in
from calls.models import ReviewRound
from demo.cast import APPLICANT

SUBMISSIONS = 10_000

_ALL_IN_ONE = """
    WITH members AS (
        UPDATE applications_application SET status = 'sealed'
        WHERE review_round_id = %(round)s AND status = 'submitted' RETURNING id
    ), told AS (
        INSERT INTO audit_auditevent (happened_at, actor_id, act, subject_type, subject_id, facts)
        SELECT %(at)s, NULL, 'applications.sealed', 'applications.application', id,
               '{"from": "submitted", "to": "sealed", "why": "deadline"}'::jsonb FROM members
    ), closed AS (
        UPDATE calls_reviewround SET sealed_at = %(at)s WHERE id = %(round)s
    )
    INSERT INTO applications_sealedapplication (application_id, review_round_id, frozen_id, sha256, sealed_at)
    SELECT members.id, %(round)s, frozen.id, encode(sha256(frozen.content), 'hex'), %(at)s
    FROM members JOIN applications_frozencontent AS frozen ON frozen.application_id = members.id
"""


def measure(submissions: int = SUBMISSIONS) -> None:
    """Seal the same round both ways, in turns, and print the figures."""
    call, people, case = prepare()
    review_round = call.rounds.get(number=1)
    application = submitted_in(review_round, case, people[APPLICANT.key])
    copy_submissions(application, submissions - 1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    at = review_round.deadline_at + timedelta(minutes=5)
    ours, bare = [], []
    for _turn in range(3):
        bare.append(_timed_and_undone(lambda: _one_statement(review_round, at), submissions))
        ours.append(_timed_and_undone(lambda: _sealed(review_round, at), submissions))
    seconds, beside = min(ours), min(bare)
    print(
        f"sealing {submissions} submissions: {seconds:.2f} s; one statement: {beside:.2f} s; "
        f"ratio {seconds / beside:.2f}"
    )


def _one_statement(review_round: ReviewRound, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ALL_IN_ONE, {"round": review_round.pk, "at": at})


def _sealed(review_round: ReviewRound, at: datetime) -> None:
    # Without its own transaction: that of the bench undoes it.
    assert inspect.unwrap(seal_round)(round_id=review_round.pk, at=at)


def _timed_and_undone(act: object, submissions: int) -> float:
    """Return how long an act takes; it is undone, so that it can be measured again."""
    assert callable(act)
    with transaction.atomic():
        began = time.perf_counter()
        act()
        seconds = time.perf_counter() - began
        assert SealedApplication.objects.count() == submissions
        transaction.set_rollback(True)
    return seconds
