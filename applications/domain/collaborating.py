"""Writing a draft together by invitation (rule 37).

Whoever was invited reads or writes; what binds the organisation or reaches others stays with who speaks for it (rule 27).
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain import mails
from applications.domain.links import RESEND_COOL_DOWN, check_not_too_many, note_asked_mail
from applications.domain.locking import locked, locked_draft, why_closed
from applications.enums import CollaborationState, CollaboratorRight
from applications.events import (
    COLLABORATOR_CHANGED,
    COLLABORATOR_DECLINED,
    COLLABORATOR_ENDED,
    COLLABORATOR_INVITED,
    COLLABORATOR_JOINED,
)
from applications.models import Application, Collaborator
from applications.permissions import may_ask_others
from applications.queries.collaborators import LIVING, collaborator_with, living_in
from applications.queries.parties import people_of_lead
from coalitions.models import Participation
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.accounts.queries import mailboxes_of
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.languages import dutch, filled_in
from hubportal.kernel.mailboxes import mailbox
from organisations.ended import is_ended_by_others

# In one draft, with those who were invited and did not answer.
MOST_COLLABORATORS = 20
# With those who declined or left: all of them stand on one page.
MOST_EVER = 100


@transaction.atomic(durable=True)
def invite_collaborator(
    *,
    application_id: int,
    name: str,
    email: str,
    right: CollaboratorRight,
    participation_id: int | None,
    actor: User,
    at: datetime,
) -> Collaborator:
    """Invite somebody by mail to read or write a draft. Idempotent within the resend cool-down; after it they are mailed again.

    ``participation_id`` names the member of the coalition to which they belong, None a helper of the lead. Raises
    ``NotAllowed``, ``WrongStatus``, ``TooManyMails``, and ``RuleViolation`` at ``email`` for who takes part already and for
    the contact person of another member.
    """
    lock_person(actor)
    application = locked_draft(application_id, actor)
    may_ask_others.check(actor, application)
    place = _place(application, participation_id)
    invited = living_in(application).filter(mailbox=mailbox(email)).first()
    if invited is not None and invited.state == CollaborationState.JOINED:
        raise RuleViolation(_("This person already takes part."), field="email")
    as_before = invited is not None and (invited.right, invited.participation) == (right, place)
    if invited is not None and as_before and invited.invited_at > at - RESEND_COOL_DOWN:
        return invited
    _check_mailbox(application, place, email, actor)
    if invited is None:
        _check_room(application)
        invited = Collaborator(application=application, mailbox=mailbox(email))
    invited.name, invited.email, invited.right, invited.participation = name, email, right, place
    invited.invited_by, invited.invited_at, invited.opened_at = actor, at, None
    invited.save()
    check_not_too_many(actor, email, at=at)
    note_asked_mail(actor, email, at=at)
    mails.queue_invitation(invited, at=at)
    record(COLLABORATOR_INVITED, subject=invited, actor=actor, at=at, facts={"right": right})
    return invited


def _place(application: Application, participation_id: int | None) -> Participation | None:
    if participation_id is None:
        return None
    found = application.coalition.participations.filter(pk=participation_id).first()
    if found is None:
        raise RuleViolation(_("This organisation is not in the coalition."), field="participation")
    return found


def _check_room(application: Application) -> None:
    if living_in(application).count() >= MOST_COLLABORATORS:
        raise RuleViolation(
            _("You can invite at most %(most)d people. End an invitation first.")
            % {"most": MOST_COLLABORATORS},
            field="email",
        )
    if application.collaborators.count() >= MOST_EVER:
        raise RuleViolation(
            _("You have invited %(most)d people to this application. That is the maximum.")
            % {"most": MOST_EVER},
            field="email",
        )


def _check_mailbox(application: Application, place: Participation | None, email: str, actor: User) -> None:
    """Refuse who writes already, and a contact person as somebody of another member: they answer for their own (rule 8)."""
    box = mailbox(email)
    if place is not None and is_ended_by_others(place.organisation_id, box):
        raise RuleViolation(
            filled_in(
                _(
                    "A colleague or the programme office noted that this person does not speak for %(name)s. You can invite "
                    "them as a helper."
                ),
                name=dutch(place.stated_name),
            ),
            field="email",
        )
    if box in mailboxes_of([*people_of_lead(application), actor]):
        raise RuleViolation(_("This person can already write the application."), field="email")
    members = application.coalition.participations.filter(mailbox=box, is_lead=False)
    contact = (members.exclude(pk=place.pk) if place else members).first()
    if contact is not None:
        raise RuleViolation(
            filled_in(
                _("This is the address of the contact person of %(name)s. Choose that organisation."),
                name=dutch(contact.stated_name),
            ),
            field="email",
        )


@transaction.atomic(durable=True)
def accept_invitation(*, key: UUID, actor: User, at: datetime) -> Collaborator:
    """Take part in a draft as one was invited to. Idempotent. Raises ``NotAllowed`` at another mailbox, and ``RuleViolation``."""
    invited = _invited(key, actor)
    if invited.state == CollaborationState.JOINED:
        return invited
    _check_open(invited)
    if invited.participation and is_ended_by_others(invited.participation.organisation_id, actor.mailbox):
        raise RuleViolation(
            _(
                "It was noted that you do not speak for this organisation. Ask the lead organisation to invite you as a helper."
            )
        )
    invited.state, invited.user, invited.answered_at = CollaborationState.JOINED, actor, at
    invited.save()
    record(COLLABORATOR_JOINED, subject=invited, actor=actor, at=at, facts={"right": invited.right})
    return invited


@transaction.atomic(durable=True)
def decline_invitation(*, key: UUID, actor: User, at: datetime, reason: str = "") -> Collaborator:
    """Decline to take part in a draft, with a reason for who speaks for the lead if one wants. Idempotent. Raises ``NotAllowed`` at another mailbox, and ``RuleViolation``."""
    invited = _invited(key, actor)
    if invited.state == CollaborationState.DECLINED:
        return invited
    _check_open(invited)
    invited.state, invited.answered_at = CollaborationState.DECLINED, at
    invited.declined_because = reason
    invited.save()
    record(COLLABORATOR_DECLINED, subject=invited, actor=actor, at=at)
    return invited


def _invited(key: UUID, actor: User) -> Collaborator:
    """Lock application and invitation, and return it to whom it was sent."""
    lock_person(actor)
    invited = _locked(key)
    if actor.email.casefold() != invited.email.casefold():
        raise NotAllowed(_("This invitation was sent to another address."))
    return invited


def _locked(key: UUID) -> Collaborator:
    # The application first, as every act on it does.
    application = locked(collaborator_with(key).application_id)
    found = Collaborator.objects.select_for_update(of=("self",)).get(key=key)
    found.application = application
    return found


def _check_open(invited: Collaborator) -> None:
    # Not whether it was submitted: whoever was only invited does not know (rule 26).
    if invited.state != CollaborationState.INVITED or not invited.application.is_draft:
        raise RuleViolation(_("This invitation no longer stands. Ask the lead organisation about it."))


@transaction.atomic(durable=True)
def change_right(*, key: UUID, right: CollaboratorRight, actor: User, at: datetime) -> Collaborator:
    """Let somebody write too, or read only. Idempotent.

    Raises ``NotAllowed``, ``WrongStatus``, and ``RuleViolation`` for who does not take part any more.
    """
    application = locked_draft(collaborator_with(key).application_id, actor)
    may_ask_others.check(actor, application)
    found = Collaborator.objects.select_for_update(of=("self",)).get(key=key)
    if found.state not in LIVING:
        raise RuleViolation(_("This person no longer takes part."))
    if found.right != right:
        found.right = right
        found.save()
        record(COLLABORATOR_CHANGED, subject=found, actor=actor, at=at, facts={"right": right})
    return found


@transaction.atomic(durable=True)
def end_collaboration(*, key: UUID, actor: User, at: datetime) -> Collaborator:
    """End that somebody takes part, or take an invitation back; whoever takes part may leave too. Idempotent.

    What they wrote stays. Raises ``NotAllowed``, and ``RuleViolation`` for somebody else once it was submitted: who took part
    keeps reading what became of it (rule 35).
    """
    lock_person(actor)
    found = _locked(key)
    if found.user_id != actor.pk:
        may_ask_others.check(actor, found.application)
        if not found.application.is_draft:
            raise RuleViolation(why_closed(found.application))
    if found.state in LIVING:
        found.state, found.ended_at, found.ended_by = CollaborationState.ENDED, at, actor
        found.save()
        record(COLLABORATOR_ENDED, subject=found, actor=actor, at=at)
    return found
