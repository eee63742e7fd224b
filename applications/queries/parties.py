"""Reads of who has a stake in an application."""

from collections.abc import Collection

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from applications.enums import ConsentAnswer
from applications.models import Application, Consent
from applications.queries import owned_by
from applications.queries.collaborators import helped, helpers
from coalitions.models import Participation
from coalitions.queries import asked_since_named, began_for_lead, contact_stands
from hubportal.accounts.models import User
from hubportal.accounts.permissions import Person
from hubportal.accounts.queries import accounts_of
from organisations.models import Representative
from organisations.queries import claims, people_who_speak_for, proved_representatives
from organisations.unbroken import lasted_until, vouched_people_of, was_vouched_for


def written_by_others(user: Person) -> QuerySet[Application]:
    """Return the applications in which a person has no stake: neither spoken for, started nor helped, now or before, by any account of their mailbox.

    Rules 8, 28 and 37.
    """
    if not user.is_authenticated:
        return Application.objects.all()
    accounts = accounts_of(user)
    spoke = Representative.objects.filter(
        lasted_until(OuterRef("created_at")),
        was_vouched_for(),
        user__in=accounts.values("pk"),
        organisation=OuterRef("coalition__lead_organisation"),
    )
    begun = (Q(created_by__in=accounts.values("pk")) & begun_for_lead()) | Q(
        coalition__created_by__in=accounts.values("pk"), coalition__lead_taken_at=None
    )
    led = Q(Exists(spoke))
    along = Q(pk__in=helped().filter(user__in=accounts.values("pk")).order_by().values("application"))
    own = Application.objects.filter(begun | led | along)
    return Application.objects.exclude(
        Q(pk__in=owned_by(user).values("pk")) | Q(pk__in=own.order_by().values("pk"))
    )


def begun_for_lead(application: str = "") -> Q:
    """Return the condition that a draft, to which ``application`` leads, was begun for the organisation that leads it now (rule 44)."""
    way = f"{application}__" if application else ""
    taken = f"{way}coalition__lead_taken_at"
    return Q(**{taken: None}) | Q(**{f"{way}created_at__gt": F(taken)})


def agreed_by_speakers() -> QuerySet[Consent]:
    """Return each yes for a partner of who was known to speak for it: a mailbox that a coalition typed is no proof (rule 27)."""
    answered = Representative.objects.filter(
        Q(user=OuterRef("user"))
        | Q(user=OuterRef("reader"))
        | Q(user__email__iexact=OuterRef("link__email")),
        organisation=OuterRef("participation__organisation"),
        proved_at__isnull=False,
    )
    given = Consent.objects.filter(Exists(answered), answer=ConsentAnswer.GIVEN)
    return given.filter(application__call__is_rehearsal=False)


def asked_contacts(application: Application) -> QuerySet[Participation]:
    """Return the partners whose contact person of now was asked about an application, and stands: others hear nothing (rules 26 and 27)."""
    return application.coalition.participations.filter(
        contact_stands(),
        asked_since_named("", "links__asked_at"),
        links__application=application,
        links__email__iexact=F("contact_email"),
        is_lead=False,
    )


def people_in_room(application: Application, also: Collection[int]) -> QuerySet[User]:
    """Return who speaks for the lead, who began the application, and these accounts, with ``speaks`` for the lead and ``says`` so."""
    speaking = proved_representatives().filter(
        user=OuterRef("pk"), organisation=application.coalition.lead_organisation_id
    )
    saying = claims().filter(user=OuterRef("pk"), organisation=application.coalition.lead_organisation_id)
    found = User.objects.annotate(speaks=Exists(speaking), says=Exists(saying))
    return found.filter(Q(speaks=True) | Q(pk__in={*also, application.created_by_id})).order_by(
        "full_name", "pk"
    )


def people_of_lead(application: Application, *, ever: bool = False) -> list[User]:
    """Return who speaks for the lead organisation, who began the coalition or the application for it, and who helps to write it, or ``ever`` did."""
    coalition = application.coalition
    along = helped() if ever else helpers()
    helping = along.filter(application=application).select_related("user").order_by("pk")
    by_invitation = [each.user for each in helping if each.user is not None]
    lead, since = coalition.lead_organisation_id, application.created_at
    speakers = vouched_people_of(lead, since=since) if ever else people_who_speak_for(lead)
    taken_at = coalition.lead_taken_at
    began = [application.created_by] if taken_at is None or application.created_at > taken_at else []
    return [*speakers, *began_for_lead(coalition), *began, *by_invitation]
