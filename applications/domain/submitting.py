"""Submitting and withdrawing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain import lifecycle, withdrawal_mails
from applications.domain.content import SCHEMA, content_of, whole_digest
from applications.domain.draft_copies import forget_copies_of
from applications.domain.drafting import CallClosed
from applications.domain.elsewhere import check_taken
from applications.domain.locking import locked_for
from applications.domain.offering_lead import stop_lead_offer
from applications.domain.readiness import NotReady, what_is_missing
from applications.domain.signing import ask_missing, unasked_states
from applications.domain.snapshot import Snapshot, snapshot_of
from applications.domain.two_signatories import check_two_readers
from applications.domain.way_back import WayBack, way_back_of
from applications.enums import OPEN_STATUSES, RECEIVED_STATUSES, Status
from applications.models import Application, FrozenContent, Receipt
from applications.permissions import may_manage, may_submit
from applications.queries import reviewers_of
from calls.domain.rounds import hold_unsealed, is_before_opening, round_for
from calls.models import Call, ReviewRound
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.kernel.canonical import canonical_bytes, digest
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import NewerVersion, check_shown
from organisations.domain.undisputed import check_not_disputed

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class DeadlinePassed(RuleViolation):
    """The round that the person was shown is over; ``next_round`` is offered instead, if there is one."""

    def __init__(self, message: str | _StrPromise, *, next_round: ReviewRound | None) -> None:
        super().__init__(message)
        self.next_round = next_round


class ChangedSince(RuleViolation):
    """Something of the application was saved or answered after the person submitted it."""


@transaction.atomic(durable=True)
def submit(
    *, application_id: int, for_round_id: int, seen: str | None = None, actor: User, at: datetime
) -> Application:
    """Submit a draft on behalf of its coalition, for the round that the person was shown.

    ``at`` is the moment the server received the request (rule 2), ``seen`` the ``whole_digest`` of what the page showed.
    Idempotent. Raises ``NotAllowed`` when the actor does not speak for the lead organisation, ``CallClosed`` before the
    opening, ``DeadlinePassed`` when the round shown is over, ``ChangedSince``, ``NewerVersion`` for what was not shown,
    ``NotReady`` with what is missing, and of what is complete ``TakenElsewhere``; the draft is kept each time.
    """
    # Signatures are asked by mail, which is counted.
    lock_person(actor)
    application = locked_for(may_submit, actor, pk=application_id)
    if application.status in RECEIVED_STATUSES:
        return application
    lifecycle.check_may_move(application, to=Status.SUBMITTED)
    review_round = _round_of_receipt(application.call, for_round_id, at=at)
    wait_for_others(application.call)
    snapshot = snapshot_of(application)
    _check_stood_there(snapshot, at=at)
    check_shown(whole_digest(snapshot), seen)
    _check_complete(snapshot, review_round, at=at)
    lifecycle.move(
        application,
        to=Status.SUBMITTED,
        actor=actor,
        at=at,
        submitted_at=at,
        submitted_by=actor,
        review_round=review_round,
    )
    stop_lead_offer(application.coalition, actor, at=at)
    _freeze(snapshot, at=at)
    Receipt.objects.create(application=application, made_at=at)
    states = unasked_states(application)
    ask_missing(application, states, actor=actor, at=at, unless_since=at, signs_on_screen=actor.email)
    return application


def _check_complete(snapshot: Snapshot, review_round: ReviewRound, *, at: datetime) -> None:
    missing = what_is_missing(snapshot, review_round=review_round, at=at)
    if missing:
        raise NotReady(missing)
    check_two_readers(snapshot.people)
    check_taken(snapshot)


def _round_of_receipt(call: Call, for_round_id: int, *, at: datetime) -> ReviewRound:
    if is_before_opening(at, call):
        raise CallClosed(_("This call is not open yet. Your draft has been kept."))
    review_round = round_for(at, call.rounds.all())
    if review_round is None:
        raise DeadlinePassed(
            _(
                "The last deadline of this call has passed, so you can no longer submit. Your draft has "
                "been kept."
            ),
            next_round=None,
        )
    if review_round.pk != for_round_id:
        raise DeadlinePassed(
            _(
                "The deadline passed before we received your application. You can submit it for round "
                "%(number)d instead."
            )
            % {"number": review_round.number},
            next_round=review_round,
        )
    if not hold_unsealed(review_round):
        # Cannot happen while a request is shorter than the grace before sealing; see settings.
        raise DeadlinePassed(
            _("This round has closed. Please contact the programme office."), next_round=None
        )
    return review_round


def _check_stood_there(snapshot: Snapshot, *, at: datetime) -> None:
    """Raise ``ChangedSince`` unless everything stood there when the request was received (rule 2).

    A request can be received in time and come in slowly; what was written meanwhile was not. Refused, not taken as it
    stood: what a draft keeps of earlier texts is for who writes it. Who submits again does so at the moment of that second request, also past a
    deadline: were the first moment to count, whoever leaves a request open before a deadline could write on after it.
    """
    if not snapshot.stood_at(at):
        raise ChangedSince(
            _(
                "Something in this application was saved or answered after you submitted it, so we did not take it in. "
                "Everything has been kept. Read it again below, then submit once more."
            )
        )


def wait_for_others(call: Call) -> None:
    """Let submissions follow one another where the call takes one of each region or organisation (rule 11)."""
    if not (call.allows_several_coalitions_per_region and call.allows_several_coalitions_per_organisation):
        Call.objects.select_for_update().get(pk=call.pk)


def _freeze(snapshot: Snapshot, *, at: datetime) -> FrozenContent:
    # Neither what stood before nor what was said about it or planned is part of what is submitted (rule 32).
    snapshot.application.earlier_versions.all().delete()
    snapshot.application.comments.all().delete()
    snapshot.application.tasks.all().delete()
    snapshot.application.consent_questions.all().delete()
    # Each says that it was not submitted.
    forget_copies_of(snapshot.application)
    content = canonical_bytes(content_of(snapshot))
    return FrozenContent.objects.create(
        application=snapshot.application, schema=SCHEMA, content=content, sha256=digest(content), frozen_at=at
    )


def offers_withdrawal(application: Application) -> bool:
    """Tell whether a page shows the button to withdraw.

    The button stays after the advice is fixed, which must not show before the letter is sent; the act then refuses.
    """
    return application.status in OPEN_STATUSES


@transaction.atomic(durable=True)
def withdraw(
    *, application_id: int, actor: User, at: datetime, seen: str = WayBack.NONE, reason: str = ""
) -> Application:
    """Withdraw an application that is not decided. Idempotent.

    Who withdraws a submission has it confirmed; each partner, and each reviewer to whom it was assigned, is told.
    ``seen`` is which ``WayBack`` was shown: a colleague may have submitted it since, or put it back, which is done once.
    ``reason`` is for the office, and in no mail. Raises ``NewerVersion`` where less can be undone than was shown,
    ``NotAllowed``, ``WrongStatus``, and ``RuleViolation`` for who is disputed.
    """
    application = locked_for(may_manage, actor, pk=application_id)
    if application.status == Status.WITHDRAWN:
        return application
    if way_back_of(application, at=at).is_worse_than(seen):
        raise NewerVersion(
            _(
                "Something changed after you opened the page, and a withdrawal can now be undone less easily than it "
                "said. Nothing has been withdrawn. Look again."
            )
        )
    was_received = application.status in RECEIVED_STATUSES
    # It may be for good, and of a draft the round may close before somebody puts it back.
    check_not_disputed(actor, application.coalition.lead_organisation_id)
    forget_copies_of(application)
    stop_lead_offer(application.coalition, actor, at=at)
    # Nobody is asked why they discard a draft, so nothing is kept of it.
    because = reason if was_received else ""
    lifecycle.move(
        application, to=Status.WITHDRAWN, actor=actor, at=at, withdrawn_at=at, withdrawn_because=because
    )
    if was_received:
        withdrawal_mails.queue_withdrawn(application, actor, at=at)
        withdrawal_mails.queue_withdrawn_for_everybody(application, but=actor.email, at=at)
        withdrawal_mails.queue_withdrawn_for_reviewers(application, reviewers_of(application), at=at)
    return application
