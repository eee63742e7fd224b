"""Reads of who is the contact person of the lead in a draft, and of who becomes it."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications.enums import HandoverKind, HandoverState
from applications.models import Application, Handover
from applications.queries import represented_by
from hubportal.accounts.models import User
from hubportal.accounts.permissions import Person
from hubportal.accounts.queries import mailboxes_of
from organisations.models import Representative
from organisations.queries import people_who_speak_for
from organisations.unbroken import goes_on_otherwise


def contact_of(application: Application) -> User:
    """Return who is the contact person: who began it, until somebody else became it."""
    return application.contact or application.created_by


def is_contact(person: User, application: Application) -> bool:
    """Tell whether somebody is the contact person."""
    return contact_of(application) == person


def open_handover(application: Application) -> Handover | None:
    """Return what is open of an application, if anything."""
    return application.handovers.filter(state=HandoverState.OPEN).select_related("holder", "to").first()


def is_changing_contact() -> Exists:
    """Return, for applications, whether somebody else is becoming the contact person."""
    return Exists(Handover.objects.filter(application=OuterRef("pk"), state=HandoverState.OPEN))


def takeovers_since(application: Application, moment: datetime) -> QuerySet[Handover]:
    """Return how somebody wanted to take over the contact of an application since a moment."""
    return application.handovers.filter(kind=HandoverKind.TAKEOVER, asked_at__gt=moment)


def handovers_of(application: Application, person: User) -> QuerySet[Handover]:
    """Return all handovers of an application, and those by or to a person of any."""
    return Handover.objects.filter(Q(application=application) | Q(holder=person) | Q(to=person))


def colleagues_of_lead(application: Application) -> QuerySet[User]:
    """Return who speaks for the lead organisation and can log in."""
    speakers = people_who_speak_for(application.coalition.lead_organisation_id)
    return speakers.filter(is_active=True).order_by("full_name", "pk")


def mailboxes_that_ended(application: Application) -> frozenset[str]:
    """Return the mailboxes of who spoke for the lead organisation, or said so, and was ended since."""
    lead = application.coalition.lead_organisation
    over = Representative.objects.filter(~goes_on_otherwise(), organisation=lead, ended_at__isnull=False)
    ended = User.objects.filter(pk__in=over.order_by().values("user"))
    # Not who says so anew: a claim alone lets nobody hear of it again (rule 27).
    there = User.objects.filter(
        representations__organisation=lead,
        representations__ended_at=None,
        representations__proved_at__isnull=False,
    )
    return mailboxes_of(ended) - mailboxes_of(there)


def offered_to(person: Person) -> QuerySet[Handover]:
    """Return what was offered to somebody, who may answer it."""
    offers = Handover.objects.filter(kind=HandoverKind.OFFER, to=person.pk, state=HandoverState.OPEN)
    return offers.order_by("asked_at", "pk")


def stoppable_by(person: Person) -> QuerySet[Handover]:
    """Return what somebody may stop: each takeover of what they speak for, and what they offered themselves."""
    spoken_for = represented_by(person).order_by().values("pk")
    takeover = Q(kind=HandoverKind.TAKEOVER, application__in=spoken_for)
    return Handover.objects.filter(
        takeover | Q(kind=HandoverKind.OFFER, holder=person.pk), state=HandoverState.OPEN
    )


def takeovers_to_complete(*, at: datetime) -> QuerySet[Handover]:
    """Return the takeovers whose wait is over, oldest first."""
    due = Handover.objects.filter(state=HandoverState.OPEN, takes_effect_at__lte=at)
    return due.order_by("takes_effect_at", "pk")
