"""Putting back what was submitted and then withdrawn: once, exactly as it was received, while its round is open (rule 21)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain import lifecycle, withdrawal_mails
from applications.domain.content import content_of
from applications.domain.elsewhere import check_taken
from applications.domain.lifecycle import WrongStatus
from applications.domain.locking import locked_for
from applications.domain.readiness import what_is_missing
from applications.domain.snapshot import Snapshot, snapshot_of
from applications.domain.starting_again import check_nothing_in_the_way
from applications.domain.submitting import wait_for_others
from applications.domain.way_back import can_be_reinstated
from applications.enums import RECEIVED_STATUSES, Status
from applications.models import Application
from applications.permissions import may_submit
from calls.domain.rounds import hold_unsealed
from hubportal.accounts.models import User
from hubportal.kernel.canonical import canonical_bytes, digest
from hubportal.kernel.errors import RuleViolation


class NotAsItWas(RuleViolation):
    """What was submitted could not be submitted like that now."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Something in your coalition or in the files has changed since you withdrew this application, so it cannot be "
                "put back as it was. You can start again from it."
            )
        )


@transaction.atomic(durable=True)
def reinstate(*, application_id: int, actor: User, at: datetime) -> Application:
    """Put a withdrawn submission back, with its moment of receipt, its round and what was signed. Idempotent.

    Who was told that it was withdrawn is told that it is back. Raises ``NotAllowed``, ``WrongStatus`` past the time,
    ``AnotherApplication``, ``NotAsItWas`` where it could not be submitted like that now, and ``TakenElsewhere``.
    """
    application = locked_for(may_submit, actor, pk=application_id)
    if application.status in RECEIVED_STATUSES:
        return application
    if not can_be_reinstated(application, at=at):
        raise WrongStatus(_("This application can no longer be put back. You can start again from it."))
    assert application.review_round is not None  # of what was received: a constraint
    if not hold_unsealed(application.review_round):
        # Cannot happen while a request is shorter than the grace before sealing; see settings.
        raise WrongStatus(_("This round has closed. Please contact the programme office."))
    check_nothing_in_the_way(application)
    wait_for_others(application.call)
    _check_as_it_was(snapshot_of(application), at=at)
    lifecycle.move(
        application,
        to=Status.SUBMITTED,
        actor=actor,
        at=at,
        withdrawn_at=None,
        withdrawn_because="",
        reinstated_at=at,
    )
    withdrawal_mails.queue_reinstated(application, actor, at=at)
    return application


def _check_as_it_was(snapshot: Snapshot, *, at: datetime) -> None:
    application = snapshot.application
    if digest(canonical_bytes(content_of(snapshot))) != application.frozen.sha256:
        raise NotAsItWas
    if what_is_missing(snapshot, review_round=application.review_round, at=at):
        raise NotAsItWas
    check_taken(snapshot)
