"""Reads of coalitions."""

from django.db.models import Count, F, Q, QuerySet

from coalitions.mailboxes import mailbox
from coalitions.models import Coalition, Participation
from hubportal.accounts.permissions import Person
from organisations.queries import organisations_of


def led_by(user: Person) -> QuerySet[Coalition]:
    """Return the coalitions whose lead organisation the person speaks for."""
    return Coalition.objects.filter(lead_organisation__in=organisations_of(user).values("pk"))


def visible_to(user: Person) -> QuerySet[Coalition]:
    """Return the coalitions of the organisations that the person speaks for."""
    return Coalition.objects.filter(pk__in=spoken_for_by(user).values("coalition"))


def spoken_for_by(user: Person) -> QuerySet[Participation]:
    """Return the places in coalitions for which a person may read and answer.

    Anybody can say that they speak for an organisation, and KvK numbers are public. So who said so after a
    coalition named the organisation counts as the person whom the coalition asked, or not at all (rule 8).
    """
    if not user.is_authenticated:
        return Participation.objects.none()
    # From the person's own few organisations to their places: no other place is looked at.
    return Participation.objects.filter(
        Q(organisation__representatives__since_at__lte=F("joined_at"))
        | Q(is_lead=True)
        | Q(mailbox=mailbox(user.email)),
        organisation__representatives__user=user,
    )


def listed_for(user: Person) -> QuerySet[Coalition]:
    """Return the coalitions of a person by name, with region, lead organisation and how many take part (``size``)."""
    return (
        visible_to(user)
        .select_related("region", "lead_organisation")
        .annotate(size=Count("participations", distinct=True))
        .order_by("name", "pk")
    )
