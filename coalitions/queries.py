"""Reads of coalitions."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from coalitions.mailboxes import mailbox
from coalitions.models import Coalition, Participation
from hubportal.accounts.permissions import Person
from organisations.models import Representative
from organisations.queries import organisations_of


def led_by(user: Person) -> QuerySet[Coalition]:
    """Return the coalitions whose lead organisation the person speaks for."""
    return Coalition.objects.filter(lead_organisation__in=organisations_of(user).values("pk"))


def visible_to(user: Person) -> QuerySet[Coalition]:
    """Return the coalitions of the organisations that the person speaks for."""
    return Coalition.objects.filter(participations__in=spoken_for_by(user).values("pk")).distinct()


def spoken_for_by(user: Person) -> QuerySet[Participation]:
    """Return the places in coalitions for which a person may read and answer.

    Anybody can say that they speak for an organisation, and KvK numbers are public. So who said so after a
    coalition named the organisation counts as the person whom the coalition asked, or not at all (rule 8).
    """
    if not user.is_authenticated:
        return Participation.objects.none()
    speaks = Representative.objects.filter(organisation=OuterRef("organisation"), user=user)
    spoke_before = speaks.filter(since_at__lte=OuterRef("joined_at"))
    return Participation.objects.filter(
        Exists(spoke_before)
        | Q(Exists(speaks), is_lead=True)
        | Q(Exists(speaks), mailbox=mailbox(user.email))
    )
