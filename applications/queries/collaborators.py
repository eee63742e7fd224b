"""Reads of who was invited to write or read a draft (rule 37)."""

from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from applications.enums import CollaborationState, CollaboratorRight, Status
from applications.models import Application, Collaborator, Writer
from applications.queries.nudges import reminded_at
from hubportal.accounts.permissions import Person
from hubportal.kernel.mailboxes import mailbox
from organisations.ended import ended_by_nobody

LIVING = (CollaborationState.INVITED, CollaborationState.JOINED)


def taking_part() -> QuerySet[Collaborator]:
    """Return who takes part by invitation, but whom others ended since at the organisation for which they do (rule 27)."""
    return Collaborator.objects.filter(_is_not_ended_there(), state=CollaborationState.JOINED)


def _is_not_ended_there() -> Q:
    return ended_by_nobody("participation__organisation", "user__mailbox")


def joined_by(user: Person) -> QuerySet[Collaborator]:
    """Return where a person takes part now: in drafts alone, and nowhere once they are submitted or withdrawn."""
    return taking_part().filter(user=user.pk, application__status=Status.DRAFT)


def writing_along(user: Person) -> QuerySet[Collaborator]:
    """Return where a person takes part and may write."""
    return joined_by(user).filter(right=CollaboratorRight.WRITE)


def helpers() -> QuerySet[Collaborator]:
    """Return who takes part for the lead organisation, in drafts and in what came of them."""
    return _of_lead().filter(state=CollaborationState.JOINED)


def helped() -> QuerySet[Collaborator]:
    """Return who helps the lead organisation, and who did and wrote: nobody agrees for a partner with what they wrote (rule 8)."""
    wrote = Writer.objects.filter(application=OuterRef("application"), user=OuterRef("user"))
    return _of_lead().filter(Q(state=CollaborationState.JOINED) | Q(Exists(wrote), answered_at__isnull=False))


def _of_lead() -> QuerySet[Collaborator]:
    return Collaborator.objects.filter(Q(participation=None) | Q(participation__is_lead=True))


def collaborators_of(application: Application) -> QuerySet[Collaborator]:
    """Return everybody who was invited to a draft, those who take part or may do so first.

    With ``reminded_at``, and ``stands``: false for whom others ended at the organisation for which they take part.
    """
    found = application.collaborators.select_related("user", "participation", "invited_by")
    found = found.annotate(
        reminded_at=reminded_at(collaborator=OuterRef("pk")),
        stands=ExpressionWrapper(_is_not_ended_there(), output_field=BooleanField()),
    )
    return found.order_by("ended_at", "answered_at", "invited_at", "pk")


def living_in(application: Application) -> QuerySet[Collaborator]:
    """Return who takes part in a draft, or can still accept to."""
    return application.collaborators.filter(state__in=LIVING)


def joined_in(application: Application) -> QuerySet[Collaborator]:
    """Return who takes part in an application by invitation."""
    return taking_part().filter(application=application)


def joined_as_member() -> QuerySet[Collaborator]:
    """Return who takes part in an application for an organisation of its coalition."""
    return taking_part().filter(participation__isnull=False)


def joined_before(application: Application, user: Person, moment: datetime) -> bool:
    """Tell whether a person took part in an application already at a moment, by the invitation by which they do now."""
    return joined_in(application).filter(user=user.pk, answered_at__lte=moment).exists()


def invitations_for(user: Person) -> QuerySet[Collaborator]:
    """Return the invitations to drafts that were sent to a person and not answered, the latest first."""
    waiting = _sent_to(user).filter(state=CollaborationState.INVITED, application__status=Status.DRAFT)
    shown = waiting.select_related("application__coalition__region", "application__call", "invited_by")
    return shown.order_by("-invited_at", "-pk")


def invited_at_mailbox_of(user: Person) -> QuerySet[Collaborator]:
    """Return every invitation that was sent to a person, whatever became of it."""
    shown = ("application__coalition__region", "application__call", "participation", "invited_by")
    return _sent_to(user).select_related(*shown)


def _sent_to(user: Person) -> QuerySet[Collaborator]:
    """Return the invitations to exactly a person's address: what opens something asks for no other spelling (rule 28)."""
    if not user.is_authenticated:
        return Collaborator.objects.none()
    return Collaborator.objects.filter(mailbox=mailbox(user.email), email__iexact=user.email)


def collaborator_with(key: UUID) -> Collaborator:
    """Return an invitation by the key in its address. Raises ``DoesNotExist``."""
    return Collaborator.objects.select_related("application", "participation").get(key=key)
