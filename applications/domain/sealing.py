"""Sealing a round: its members are fixed, each with the digest of its frozen bytes (rule 4)."""

from datetime import datetime

from django.db import connection, transaction

from applications.domain import lifecycle
from applications.enums import MoveReason, Status
from applications.events import ROUND_SEALED
from applications.models import Application
from calls.models import ReviewRound
from calls.queries import due_for_sealing
from hubportal.audit.domain.events import record

_FIX_MEMBERS = """
    INSERT INTO applications_sealedapplication (application_id, review_round_id, frozen_id, sha256, sealed_at)
    SELECT application.id, application.review_round_id, frozen.id, encode(sha256(frozen.content), 'hex'), %(at)s
    FROM applications_application AS application
    JOIN applications_frozencontent AS frozen ON frozen.application_id = application.id
    WHERE application.review_round_id = %(round)s AND application.status = %(submitted)s
"""


@transaction.atomic(durable=True)
def seal_round(*, round_id: int, at: datetime) -> bool:
    """Seal one round. Idempotent; returns whether this call sealed it.

    The lock waits for submissions that hold the round (``hold_unsealed``). The database recomputes each digest from
    the bytes.
    """
    review_round = due_for_sealing(at=at).select_for_update().filter(pk=round_id).first()
    if review_round is None:
        return False
    received = Application.objects.filter(review_round=review_round)
    # Locked before they are read, so that a running withdrawal finishes first.
    list(received.select_for_update().order_by("pk").values_list("pk"))
    with connection.cursor() as cursor:
        cursor.execute(
            _FIX_MEMBERS, {"round": review_round.pk, "submitted": Status.SUBMITTED.value, "at": at}
        )
    sealed = lifecycle.move_all(
        received, come_from=Status.SUBMITTED, to=Status.SEALED, at=at, why=MoveReason.DEADLINE
    )
    _close(review_round, members=sealed, at=at)
    return True


def _close(review_round: ReviewRound, *, members: int, at: datetime) -> None:
    review_round.sealed_at = at
    review_round.save(update_fields=["sealed_at"])
    record(ROUND_SEALED, subject=review_round, actor=None, at=at, facts={"members": members})
