"""Proving that somebody speaks for an organisation, disputing it, and ending it (rule 27).

Who said so first has no advantage: everybody's word waits until somebody who may has vouched for it. What several
people may vouch for is done here; each act checks its own permission.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.accounts.queries import mailboxes_of
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import is_filled
from organisations.domain import mails
from organisations.enums import Proof, Standing
from organisations.events import CONFIRMED, DISPUTED, ENDED
from organisations.models import Representative
from organisations.permissions import (
    may_ask_again,
    may_dispute,
    may_end,
    may_settle,
    may_vouch_as_colleague,
    may_vouch_as_office,
)

ASK_AGAIN_AFTER = timedelta(days=1)


class DisputedMeanwhile(RuleViolation):
    """Somebody disputed or recommended what the office was about to confirm, and the office has not seen it."""


@transaction.atomic(durable=True)
def confirm_colleague(*, representative_id: int, actor: User, at: datetime) -> Representative:
    """Vouch for a colleague, who speaks for the organisation from then on. Idempotent. Raises ``NotAllowed``."""
    representative = locked_representative(representative_id)
    if is_vouched_for(representative, by=actor):
        return representative
    may_vouch_as_colleague.check(actor, representative)
    return prove(representative, Proof.COLLEAGUE, actor=actor, at=at)


@transaction.atomic(durable=True)
def confirm_as_office(
    *, representative_id: int, shown_dispute: str, actor: User, at: datetime
) -> Representative:
    """Vouch for somebody as the programme office, which settles the dispute that was shown too. Idempotent.

    ``shown_dispute`` is ``dispute_of`` when the page was made. Raises ``NotAllowed``, and ``DisputedMeanwhile``.
    """
    representative = locked_representative(representative_id)
    if representative.standing == Standing.PROVED:
        # Also what was proved before, and of which this actor settled the dispute.
        may_settle.check(actor, representative)
        return representative
    may_vouch_as_office.check(actor, representative)
    if dispute_of(representative) != shown_dispute:
        raise DisputedMeanwhile(
            _(
                "Somebody has said something about this in the meantime. Read it below, and confirm only if you "
                "still know it."
            )
        )
    return prove(representative, Proof.OFFICE, actor=actor, at=at)


@transaction.atomic(durable=True)
def dispute_colleague(*, representative_id: int, reason: str, actor: User, at: datetime) -> Representative:
    """Say that somebody does not speak for one's organisation; the office settles it. Idempotent.

    Raises ``NotAllowed``, and ``RuleViolation`` at ``reason`` without one.
    """
    representative = locked_representative(representative_id)
    if representative.standing == Standing.CONTESTED and representative.contested_by_id == actor.pk:
        return representative
    may_dispute.check(actor, representative)
    return dispute(representative, reason, actor=actor, at=at)


@transaction.atomic(durable=True)
def end_representation(*, representative_id: int, reason: str, actor: User, at: datetime) -> Representative:
    """End that somebody speaks for an organisation: they themselves, or the office with a reason. Idempotent.

    What was written stays with the organisation. Raises ``NotAllowed``, and ``RuleViolation`` at ``reason`` for an
    office that gives none.
    """
    representative = locked_representative(representative_id)
    if representative.ended_at is not None and representative.ended_by_id == actor.pk:
        return representative
    may_end.check(actor, representative)
    return end(representative, reason, actor=actor, at=at)


@transaction.atomic(durable=True)
def ask_colleagues_again(*, representative_id: int, actor: User, at: datetime) -> Representative:
    """Mail the colleagues once more, at most once a day. Idempotent within the resend cool-down. Raises ``NotAllowed``."""
    representative = locked_representative(representative_id)
    may_ask_again.check(actor, representative)
    ask_colleagues(representative, at=at)
    return representative


def ask_colleagues(representative: Representative, *, at: datetime) -> None:
    """Mail who speaks for the organisation that somebody says so too, at most once a day, within the caller's act.

    What is disputed is for the office: colleagues are not asked again.
    """
    if representative.standing == Standing.CONTESTED:
        return
    if representative.asked_at is not None and representative.asked_at > at - ASK_AGAIN_AFTER:
        return
    if mails.queue_asked(representative, at=at):
        representative.asked_at = at
    # Also where nobody was asked: as many statements either way (rule 26).
    representative.save(update_fields=["asked_at"])


def restate(
    representative: Representative, named: dict[str, Any], *, actor: User, at: datetime
) -> Representative:
    """End how a person named their organisation, and say the same under what they type now, within the caller's act."""
    representative.ended_at, representative.ended_by = at, actor
    representative.save(update_fields=["ended_at", "ended_by"])
    restated = Representative.objects.create(
        organisation=representative.organisation,
        user=actor,
        since_at=at,
        unbroken_since=representative.unbroken_since or representative.since_at,
        asked_at=representative.asked_at,
        held_at=representative.held_at,
        # Nobody is rid of a dispute by naming it otherwise.
        contested_at=representative.contested_at,
        contested_by=representative.contested_by,
        contest_reason=representative.contest_reason,
        **named,
    )
    ask_colleagues(restated, at=at)
    return restated


def locked_representative(representative_id: int) -> Representative:
    """Return the row, locked until the transaction ends."""
    rows = Representative.objects.select_related("organisation", "user").select_for_update(of=("self",))
    return rows.get(pk=representative_id)


def dispute_of(representative: Representative) -> str:
    """Return which dispute and which words of kwartiermakers stand, or nothing; others are another text."""
    contested_at = representative.contested_at
    disputed = [f"{contested_at.timestamp()} {representative.contested_by_id}"] if contested_at else []
    words = representative.recommendations.order_by("pk").values_list("given_at", "given_by")
    return " ".join([*disputed, *(f"{at.timestamp()} {giver}" for at, giver in words)])


def is_vouched_for(representative: Representative, *, by: User) -> bool:
    """Tell whether this person vouched for it before: a second click changes nothing."""
    return representative.standing == Standing.PROVED and representative.proved_by_id == by.pk


def prove(representative: Representative, proof: Proof, *, actor: User, at: datetime) -> Representative:
    """Write down who vouched, and tell the person, within the caller's act, which checked the permission."""
    if representative.proved_at is None:
        representative.proof, representative.proved_by, representative.proved_at = proof, actor, at
    representative.contested_by = representative.contested_at = None
    representative.contest_reason = ""
    representative.save()
    mails.queue_confirmed(representative, at=at)
    facts = {"user": representative.user_id, "proof": proof.value}
    record(CONFIRMED, subject=representative.organisation, actor=actor, at=at, facts=facts)
    return representative


def dispute(representative: Representative, reason: str, *, actor: User, at: datetime) -> Representative:
    """Write down who disputes it and why, within the caller's act, which checked the permission.

    Only who was proved is told: to whoever tries a number, it would tell that somebody here knows it (rule 26). Raises ``RuleViolation`` at ``reason`` without one.
    """
    representative.contest_reason = given(reason)
    representative.contested_by, representative.contested_at = actor, at
    representative.save(update_fields=["contest_reason", "contested_by", "contested_at"])
    if representative.standing_told == Standing.CONTESTED:
        mails.queue_disputed(representative, at=at)
    facts = {"user": representative.user_id}
    record(DISPUTED, subject=representative.organisation, actor=actor, at=at, facts=facts)
    return representative


def end(representative: Representative, reason: str, *, actor: User, at: datetime) -> Representative:
    """Write down who ended it and why, and tell the person, within the caller's act, which checked the permission.

    Raises ``RuleViolation`` at ``reason`` for anybody else than the person who gives none.
    """
    is_own = representative.user_id == actor.pk
    representative.end_reason = reason.strip() if is_own else given(reason)
    representative.ended_at, representative.ended_by = at, actor
    is_by_choice = is_own and representative.contested_at is None
    representative.ended_mailboxes = [] if is_by_choice else sorted(mailboxes_of([representative.user]))
    representative.save(update_fields=["end_reason", "ended_at", "ended_by", "ended_mailboxes"])
    if not is_own:
        mails.queue_ended(representative, at=at)
    record(
        ENDED, subject=representative.organisation, actor=actor, at=at, facts={"user": representative.user_id}
    )
    return representative


def let_go_of_dispute(representative: Representative) -> None:
    """Take away that it is disputed, within the act that undoes what who disputed it could do."""
    representative.contested_by = representative.contested_at = None
    representative.contest_reason = ""
    representative.save(update_fields=["contested_by", "contested_at", "contest_reason"])


def hold(representative: Representative, since: datetime | None) -> None:
    """Leave it to who decides about a dossier, or let it go with ``None``, within the caller's act (rule 41)."""
    representative.held_at = since
    representative.save(update_fields=["held_at"])


def given(reason: str) -> str:
    """Return a reason without space around it. Raises ``RuleViolation`` at ``reason`` where there is none."""
    if not is_filled(reason):
        raise RuleViolation(_("Explain briefly why."), field="reason")
    return reason.strip()
