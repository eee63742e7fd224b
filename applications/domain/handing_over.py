"""Who is the contact person of the lead in a draft: handed over, or taken over from who left (rule 39).

Whoever is proved to speak for the lead has every right in the draft already; the contact person hears what partners answer,
and is named to the others. So nothing here opens anything, and nobody loses a right by it: that is for the office.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain import handover_mails as mails
from applications.domain.locking import locked, locked_draft
from applications.enums import HandoverKind, HandoverState
from applications.events import HANDOVER_ASKED, HANDOVER_SETTLED
from applications.models import Application, Handover
from applications.models.handover import SHORTEST_WAIT
from applications.permissions import may_accept_contact, may_ask_others, may_take_back_contact
from applications.queries.handovers import (
    colleagues_of_lead,
    contact_of,
    handovers_of,
    is_contact,
    open_handover,
    takeovers_since,
)
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.quotas import check_quota
from organisations.queries import undisputed_people_of

WAIT = SHORTEST_WAIT
# Of one draft: whoever is stopped does not begin again and again.
MOST_TAKEOVERS = 3
# Of one draft, and by or to one person in all drafts.
MOST_A_DAY = 4
_A_MONTH = timedelta(days=30)


@transaction.atomic(durable=True)
def offer_contact(*, application_id: int, to_id: int, actor: User, at: datetime) -> Handover:
    """Offer a colleague who is proved too to become the contact person, which they are once they accept. Idempotent.

    Raises ``NotAllowed`` for who is not the contact person, ``WrongStatus``, ``TooMuch``, and ``RuleViolation`` at ``to`` for who does not
    speak for the lead, and while something else is open.
    """
    application = _draft(application_id, actor)
    if not is_contact(actor, application):
        raise NotAllowed(_("Only the contact person can hand this over."))
    to = colleagues_of_lead(application).exclude(pk=actor.pk).filter(pk=to_id).first()
    if to is None:
        raise RuleViolation(_("Choose a colleague who represents the lead organisation."), field="to")
    earlier = open_handover(application)
    if earlier is not None:
        if (earlier.kind, earlier.to_id) == (HandoverKind.OFFER, to_id):
            return earlier
        raise _something_is_open()
    # Each is mailed to everybody with a role, also to addresses that somebody only typed.
    check_quota(handovers_of(application, actor), moment="asked_at", most=MOST_A_DAY, at=at, field="to")
    handover = Handover.objects.create(
        application=application, kind=HandoverKind.OFFER, holder=actor, to=to, asked_at=at
    )
    mails.queue_offered(handover, at=at)
    return _asked(handover, actor, at)


@transaction.atomic(durable=True)
def take_over_contact(*, application_id: int, reason: str, actor: User, at: datetime) -> Handover:
    """Ask to become the contact person of a draft whose contact person left, which takes effect after a wait. Idempotent.

    Everybody with a role is mailed, and whoever speaks for the lead can stop it until then. Raises ``NotAllowed``,
    ``WrongStatus``, ``TooMuch``, and ``RuleViolation`` without a reason, for who is it already, while something else is open, and after
    a number of times.
    """
    application = _draft(application_id, actor)
    if not reason.strip():
        raise RuleViolation(_("Explain briefly why."), field="reason")
    holder, earlier = contact_of(application), open_handover(application)
    if is_contact(actor, application):
        raise RuleViolation(_("You are the contact person already."))
    if earlier is not None:
        if (earlier.kind, earlier.to_id) == (HandoverKind.TAKEOVER, actor.pk):
            return earlier
        if earlier.kind == HandoverKind.TAKEOVER:
            raise _something_is_open()
    check_quota(handovers_of(application, actor), moment="asked_at", most=MOST_A_DAY, at=at, field="reason")
    if takeovers_since(application, at - _A_MONTH).count() >= MOST_TAKEOVERS:
        raise RuleViolation(
            _("This was tried %(most)d times in a month. Ask the programme office.")
            % {"most": MOST_TAKEOVERS}
        )
    if earlier is not None:
        # Who left may have offered it to somebody who never answers.
        _settled(earlier, HandoverState.LAPSED, actor, at=at)
    handover = Handover.objects.create(
        application=application,
        kind=HandoverKind.TAKEOVER,
        holder=holder,
        to=actor,
        reason=reason.strip(),
        asked_at=at,
        takes_effect_at=at + WAIT,
    )
    mails.queue_takeover(handover, at=at)
    return _asked(handover, actor, at)


@transaction.atomic(durable=True)
def answer_offer(*, application_id: int, accepts: bool, actor: User, at: datetime) -> Handover | None:
    """Accept or decline to become the contact person; everybody with a role hears of a yes. Idempotent: None where nothing is open.

    Raises ``NotAllowed`` for anybody to whom it was not offered, and ``WrongStatus``.
    """
    handover = _open(application_id, actor)
    if handover is None:
        return None
    may_accept_contact.check(actor, handover)
    if accepts:
        return _take_effect(handover, actor, at=at)
    return _settled(handover, HandoverState.DECLINED, actor, at=at)


@transaction.atomic(durable=True)
def stop_handover(*, application_id: int, actor: User, at: datetime) -> Handover | None:
    """Stop a takeover, as anybody who speaks for the lead, or take back what oneself asked. Idempotent: None where nothing is open.

    Raises ``NotAllowed`` for an offer of somebody else, and ``WrongStatus``.
    """
    handover = _open(application_id, actor)
    if handover is None:
        return None
    may_take_back_contact.check(actor, handover)
    is_own = actor.pk == (handover.holder_id if handover.kind == HandoverKind.OFFER else handover.to_id)
    state = HandoverState.TAKEN_BACK if is_own else HandoverState.STOPPED
    settled = _settled(handover, state, actor, at=at)
    if handover.kind == HandoverKind.TAKEOVER:
        mails.queue_stopped(settled, actor, at=at)
    return settled


@transaction.atomic(durable=True)
def complete_takeover(*, handover_id: int, at: datetime) -> bool:
    """Let a takeover take effect whose wait is over, and return whether it did. Idempotent.

    Not for who no longer speaks for the lead, or of whom that is disputed, nor of what is no draft any more.
    """
    application = locked(Handover.objects.get(pk=handover_id).application_id)
    handover = Handover.objects.select_related("to", "holder").get(pk=handover_id)
    handover.application = application
    is_due = handover.takes_effect_at is not None and handover.takes_effect_at <= at
    if handover.state != HandoverState.OPEN or not is_due:
        return False
    lead = application.coalition.lead_organisation_id
    is_undisputed = undisputed_people_of(lead).filter(pk=handover.to_id).exists()
    if not (application.is_draft and is_undisputed and may_ask_others.allows(handover.to, application)):
        _settled(handover, HandoverState.LAPSED, None, at=at)
        return False
    _take_effect(handover, None, at=at)
    return True


def make_contact(application: Application, person: User, *, actor: User, at: datetime) -> None:
    """Make somebody the contact person of a locked draft, within the act of the office that gives it to them (rule 41), or by which their organisation takes the lead (rule 44).

    What was open lapses: it was about who is gone.
    """
    earlier = open_handover(application)
    if earlier is not None:
        _settled(earlier, HandoverState.LAPSED, actor, at=at)
    application.contact = person
    application.save(update_fields=["contact"])


def _draft(application_id: int, actor: User) -> Application:
    lock_person(actor)
    return locked_draft(application_id, actor, permission=may_ask_others)


def _open(application_id: int, actor: User) -> Handover | None:
    application = _draft(application_id, actor)
    found = open_handover(application)
    if found is not None:
        found.application = application
    return found


def _something_is_open() -> RuleViolation:
    return RuleViolation(_("Somebody is already becoming the contact person. Look at what is open first."))


def _asked(handover: Handover, actor: User, at: datetime) -> Handover:
    record(HANDOVER_ASKED, subject=handover, actor=actor, at=at, facts={"kind": handover.kind})
    return handover


def _take_effect(handover: Handover, actor: User | None, *, at: datetime) -> Handover:
    handover.application.contact = handover.to
    handover.application.save(update_fields=["contact"])
    settled = _settled(handover, HandoverState.DONE, actor, at=at)
    mails.queue_changed(settled, at=at)
    return settled


def _settled(handover: Handover, state: HandoverState, actor: User | None, *, at: datetime) -> Handover:
    handover.state, handover.settled_at, handover.settled_by = state, at, actor
    handover.save(update_fields=["state", "settled_at", "settled_by"])
    # Who says no to it, or stops it, goes on as before.
    is_steering = state == HandoverState.DONE
    record(
        HANDOVER_SETTLED,
        subject=handover,
        actor=actor,
        at=at,
        facts={"state": state},
        is_steering=is_steering,
    )
    return handover
