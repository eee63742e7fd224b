"""Stopping, granting and refusing a request for a dossier, and undoing what was granted (rule 41)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.domain.handing_over import make_contact
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import is_filled
from hubportal.kernel.versions import NewerVersion
from organisations.domain.representing import (
    dispute,
    dispute_of,
    end,
    let_go_of_dispute,
    locked_representative,
    prove,
)
from organisations.enums import Proof
from organisations.models import Representative
from takeovers.domain import mails
from takeovers.domain.settling import locked_takeover, settle
from takeovers.enums import TakeoverState
from takeovers.events import UNDONE
from takeovers.models import Takeover
from takeovers.permissions import may_decide_takeover, may_stop_takeover, may_undo_takeover
from takeovers.queries import claim_of, last_said, others_asking, partners_of
from takeovers.undoing import came_in_by, contact_after_undoing, disputes_since, has_acted


class TooEarly(RuleViolation):
    """The wait is not over: who has a role can still object."""


@transaction.atomic(durable=True)
def stop_takeover(*, takeover_id: int, actor: User, at: datetime) -> Takeover:
    """Say, as who speaks for the lead, that somebody does not get the draft: the office cannot give it any more. Idempotent.

    Everybody who was warned hears it; who asked only once the wait is over (rule 26). Raises ``NotAllowed``.
    """
    takeover = locked_takeover(takeover_id)
    if takeover.state == TakeoverState.STOPPED and takeover.settled_by_id == actor.pk:
        return takeover
    may_stop_takeover.check(actor, takeover)
    settle(takeover, TakeoverState.STOPPED, actor=actor, at=at)
    # Also where they ended it meanwhile: whoever says it again takes the dispute over.
    claim = last_said(takeover)
    if claim is not None and claim.proved_at is None and claim.contested_at is None:
        claim = locked_representative(claim.pk)
        # The office reads it wherever it would confirm the same person.
        with override(settings.LANGUAGE_CODE):
            said = _("Said no when this person asked for an application of the organisation.")
        dispute(claim, said, actor=actor, at=at)
    mails.queue_stopped(takeover, at=at)
    return takeover


@transaction.atomic(durable=True)
def grant_takeover(*, takeover_id: int, reason: str, seen: str, actor: User, at: datetime) -> Takeover:
    """Give somebody the dossier: they speak for the organisation from then on and are its contact person. Idempotent.

    Nobody loses a right by it. ``seen`` is ``state_of`` when the page was made. Raises ``NotAllowed``, ``TooEarly``, ``NewerVersion``, and
    ``RuleViolation`` without a reason, for what is no draft any more, and for who stands for a partner of it.
    """
    takeover = locked_takeover(takeover_id)
    if takeover.state == TakeoverState.GRANTED and takeover.settled_by_id == actor.pk:
        return takeover
    _check_can_be_decided(takeover, reason, seen, actor=actor, at=at)
    application, claim = takeover.application, _claim_to_settle(takeover)
    if application is None or not application.is_draft or not takeover.is_led_by_its_own:
        raise RuleViolation(_("There is no draft to give."))
    if claim is None or not takeover.asked_by.is_active:
        raise RuleViolation(_("This person no longer says that they represent the organisation."))
    if partners_of(takeover).exists():
        raise RuleViolation(
            _("This person stands for a partner in the coalition, and nobody answers for both. Refuse this.")
        )
    settle(takeover, TakeoverState.GRANTED, actor=actor, at=at, reason=reason)
    claim.refresh_from_db()
    if claim.proved_at is None or claim.contested_at is not None:
        prove(claim, Proof.OFFICE, actor=actor, at=at)
    make_contact(application, takeover.asked_by, actor=actor, at=at)
    # They asked for it themselves, before it was known which draft there is.
    application.steerers.get_or_create(user=takeover.asked_by)
    _tell_at_once(takeover, at)
    mails.queue_granted(takeover, at=at)
    return takeover


@transaction.atomic(durable=True)
def refuse_takeover(
    *, takeover_id: int, reason: str, answer: str, seen: str, actor: User, at: datetime
) -> Takeover:
    """Refuse somebody the dossier; they are told so, with ``answer`` and nothing of the draft. Idempotent.

    Also of what nobody was warned of yet: made-up requests stand in front of others no longer.

    Raises ``NotAllowed``, ``TooEarly``, ``NewerVersion``, and ``RuleViolation`` without a reason.
    """
    takeover = locked_takeover(takeover_id)
    if takeover.state == TakeoverState.REFUSED and takeover.settled_by_id == actor.pk:
        return takeover
    _check_can_be_decided(takeover, reason, seen, refuses=True, actor=actor, at=at)
    settle(takeover, TakeoverState.REFUSED, actor=actor, at=at, reason=reason, answer=answer)
    _tell_at_once(takeover, at)
    mails.queue_closed(takeover, at=at)
    mails.queue_stopped(takeover, at=at)
    return takeover


@transaction.atomic(durable=True)
def undo_takeover(*, takeover_id: int, reason: str, actor: User, at: datetime) -> Takeover:
    """Undo that somebody was given the dossier, until they did anything with it. Idempotent.

    They speak for the organisation no longer where it was proved by this, nor does whom they confirmed since; the contact person is who was it,
    or else somebody who still speaks for the lead. Raises ``NotAllowed``, and ``RuleViolation`` without a reason and once they acted.
    """
    takeover = locked_takeover(takeover_id)
    if takeover.undone_at is not None and takeover.undone_by_id == actor.pk:
        return takeover
    may_undo_takeover.check(actor, takeover)
    if not is_filled(reason):
        raise RuleViolation(_("Explain briefly why."), field="reason")
    if has_acted(takeover):
        raise RuleViolation(
            _(
                "This person has worked in the portal since, so it cannot simply be undone. Ask the programme office to end that they represent the organisation."
            )
        )
    takeover.undone_at, takeover.undone_by, takeover.undone_because = at, actor, reason.strip()
    takeover.save(update_fields=["undone_at", "undone_by", "undone_because"])
    contact = contact_after_undoing(takeover, undone_by=actor)
    for each in disputes_since(takeover):
        let_go_of_dispute(locked_representative(each.pk))
    for each in came_in_by(takeover):
        end(locked_representative(each.pk), reason, actor=actor, at=at)
    if takeover.application is not None and contact is not None:
        make_contact(takeover.application, contact, actor=actor, at=at)
    mails.queue_undone(takeover, at=at)
    record(UNDONE, subject=takeover, actor=actor, at=at)
    return takeover


def state_of(takeover: Takeover) -> str:
    """Return what the office decides on: who asks under which name, disputes, words of kwartiermakers, partners and others who ask.

    Something new is another text: who names the organisation otherwise has another row.
    """
    claim = claim_of(takeover)
    disputed = f"{claim.pk} {dispute_of(claim)}" if claim is not None else ""
    others = ",".join(f"{each.pk}{each.state}" for each in others_asking(takeover))
    partners = ",".join(str(each.pk) for each in partners_of(takeover))
    return f"{disputed}|{others}|{partners}"


def _check_can_be_decided(
    takeover: Takeover, reason: str, seen: str, *, actor: User, at: datetime, refuses: bool = False
) -> None:
    may_decide_takeover.check(actor, takeover)
    if not takeover.is_open:
        raise RuleViolation(_("This was settled in the meantime."))
    if not (refuses and is_unwarned(takeover)) and (
        takeover.decide_from_at is None or at < takeover.decide_from_at
    ):
        raise TooEarly(_("Who has a role can still object. You can decide once the wait is over."))
    if not is_filled(reason):
        raise RuleViolation(_("Explain briefly why."), field="reason")
    if seen != state_of(takeover):
        raise NewerVersion(
            _("Something has changed in the meantime. Read it below, and decide only if you still think so.")
        )


def is_unwarned(takeover: Takeover) -> bool:
    """Tell whether a request still waits for its turn: nobody was warned of it."""
    return takeover.is_open and takeover.warned_at is None


def _tell_at_once(takeover: Takeover, at: datetime) -> None:
    takeover.told_at = at
    takeover.save(update_fields=["told_at"])


def _claim_to_settle(takeover: Takeover) -> Representative | None:
    found = claim_of(takeover)
    return locked_representative(found.pk) if found is not None else None
