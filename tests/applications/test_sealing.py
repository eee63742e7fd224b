"""A round is sealed once, with all who are in it, and never changes (rule 4)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from applications.domain.sealing import seal_round
from applications.domain.submitting import DeadlinePassed, submit, withdraw
from applications.enums import Status
from applications.models import Application, FrozenContent, SealedApplication
from applications.tasks import SEALING
from hubportal.audit.models import AuditEvent
from hubportal.sweeps.domain.sweeping import run
from tests.factories.moments import AT, FIRST_DEADLINE, SEALED_AT, moment
from tests.factories.scenarios import ready, sealed, several_submitted, submitted
from tests.racing import held_open, race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def seal(case: Any, at: Any = SEALED_AT) -> bool:
    return seal_round(round_id=case.review_round_id, at=at)


def seals() -> list[tuple[int, int, str]]:
    return sorted(SealedApplication.objects.values_list("application_id", "review_round_id", "sha256"))


def test_a_sealed_round_has_its_members_with_the_digest_of_their_bytes() -> None:
    cases = several_submitted(3)
    next_round = submitted(call=cases[0].call, at=moment("2024-05-20T10:00"))
    draft = ready(call=cases[0].call)
    assert seal(cases[0])
    expected = sorted((each.pk, each.review_round_id, each.frozen.sha256) for each in cases)
    assert seals() == expected
    for each, status in [(each, Status.SEALED) for each in cases] + [
        (next_round, Status.SUBMITTED),
        (draft, Status.DRAFT),
    ]:
        each.refresh_from_db()
        assert each.status == status
    review_round = cases[0].review_round
    review_round.refresh_from_db()
    assert review_round.sealed_at == SEALED_AT
    assert AuditEvent.objects.get(act="applications.round_sealed").facts == {"members": 3}
    assert AuditEvent.objects.filter(act="applications.sealed").count() == 3


def test_sealing_is_idempotent() -> None:
    case = submitted()
    assert seal(case)
    before = seals()
    assert not seal(case, at=SEALED_AT + timedelta(days=1))
    assert run(SEALING, now=lambda: SEALED_AT + timedelta(days=1)) == 0
    assert (seals(), AuditEvent.objects.filter(act="applications.round_sealed").count()) == (before, 1)


def test_a_round_is_not_sealed_before_its_deadline_and_the_longest_request(settings) -> None:
    settings.SEALING_GRACE_SECONDS = 120
    case = submitted()
    for early in (
        FIRST_DEADLINE - timedelta(seconds=1),
        FIRST_DEADLINE,
        FIRST_DEADLINE + timedelta(seconds=119),
    ):
        assert not seal(case, at=early)
    assert seal(case, at=FIRST_DEADLINE + timedelta(seconds=120))


def test_a_sweep_seals_every_round_that_is_due_even_an_empty_one() -> None:
    case = submitted()
    moment_after_three = moment("2024-08-01T10:00")
    assert run(SEALING, now=lambda: moment_after_three) == 3
    assert [each.sealed_at for each in case.call.rounds.order_by("number")] == [
        *[moment_after_three] * 3,
        None,
        None,
    ]


def test_a_crash_halfway_leaves_nothing_and_the_next_sweep_finishes(monkeypatch) -> None:
    cases = several_submitted(2)

    def crash(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("the worker died")

    with monkeypatch.context() as patch:
        patch.setattr("applications.domain.sealing._close", crash)
        with pytest.raises(RuntimeError):
            seal(cases[0])
    assert seals() == []
    cases[0].refresh_from_db()
    assert cases[0].status == Status.SUBMITTED
    assert seal(cases[0])
    assert len(seals()) == 2


def test_the_seal_holds_the_digest_of_the_bytes_not_of_what_was_written_down() -> None:
    case = submitted()
    right = case.frozen.sha256
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE applications_frozencontent SET sha256 = %s", ["0" * 64])
        cursor.execute("SET LOCAL session_replication_role = origin")
    seal(case)
    assert case.seal.sha256 == right


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_a_change_of_what_was_frozen_and_sealed(act: str) -> None:
    sealed()
    for rows, name, values in (
        (FrozenContent.objects.all(), "frozen_content_never_changes", {"content": b"{}"}),
        (SealedApplication.objects.all(), "sealed_application_never_changes", {"sha256": "0" * 64}),
    ):
        with refused_by(name):
            rows.update(**values) if act == "update" else rows._raw_delete(rows.db)


def test_the_database_refuses_a_digest_that_is_none() -> None:
    case = ready()
    with refused_by("frozen_content_has_its_digest"):
        FrozenContent.objects.create(application=case, content=b"{}", sha256="x" * 64, frozen_at=AT)


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_two_workers_that_seal_one_round_seal_it_once(self) -> None:
        cases = several_submitted(3)
        done = race(*(lambda: seal(cases[0]) for _each in range(3)))
        assert sorted(done) == [False, False, True]
        assert len(seals()) == 3
        assert AuditEvent.objects.filter(act="applications.sealed").count() == 3

    def test_a_submission_received_in_time_is_in_the_round_however_long_it_takes(self) -> None:
        case = ready()
        first = case.call.rounds.get(number=1)
        in_time = FIRST_DEADLINE - timedelta(microseconds=1)

        def slow_submission() -> Application:
            return submit(application_id=case.pk, for_round_id=first.pk, actor=case.applicant, at=in_time)

        with held_open(slow_submission) as meanwhile:
            sealing = meanwhile(lambda: seal_round(round_id=first.pk, at=SEALED_AT))
            assert sealing.waits()
        assert sealing.result()
        case.refresh_from_db()
        assert (case.status, case.seal.review_round_id) == (Status.SEALED, first.pk)

    def test_a_submission_that_comes_while_its_round_is_being_sealed_waits_and_is_refused(self) -> None:
        case = ready()
        first = case.call.rounds.get(number=1)
        with held_open(lambda: seal_round(round_id=first.pk, at=SEALED_AT)) as meanwhile:
            late = meanwhile(
                lambda: submit(application_id=case.pk, for_round_id=first.pk, actor=case.applicant, at=AT)
            )
            assert late.waits()
        with pytest.raises(DeadlinePassed):
            late.result()
        case.refresh_from_db()
        assert (case.is_draft, SealedApplication.objects.exists()) == (True, False)

    def test_submissions_racing_sealing_are_in_or_refused_never_lost(self) -> None:
        cases = [ready(coalition_name=f"Coalitie {each}") for each in range(3)]
        first = cases[0].call.rounds.get(number=1)
        in_time = FIRST_DEADLINE - timedelta(microseconds=1)
        outcomes = race(
            lambda: seal_round(round_id=first.pk, at=SEALED_AT),
            *(
                lambda c=c: submit(application_id=c.pk, for_round_id=first.pk, actor=c.applicant, at=in_time)
                for c in cases
            ),
        )
        for case, outcome in zip(cases, outcomes[1:], strict=True):
            case.refresh_from_db()
            if isinstance(outcome, Application):
                assert case.status == Status.SEALED
            else:
                assert isinstance(outcome, DeadlinePassed)
                assert case.status == Status.DRAFT

    def test_withdrawing_while_the_round_is_sealed_leaves_one_story(self) -> None:
        case = submitted()
        outcomes = race(
            lambda: seal(case), lambda: withdraw(application_id=case.pk, actor=case.applicant, at=SEALED_AT)
        )
        assert not [each for each in outcomes if isinstance(each, Exception)]
        case.refresh_from_db()
        assert case.status == Status.WITHDRAWN
        moves = [(each["from"], each["to"]) for each in AuditEvent.objects.filter(
            subject_type="applications.application", subject_id=case.pk, facts__has_key="to"
        ).order_by("pk").values_list("facts", flat=True)]  # fmt: skip
        assert moves in (
            [("draft", "submitted"), ("submitted", "sealed"), ("sealed", "withdrawn")],
            [("draft", "submitted"), ("submitted", "withdrawn")],
        )
