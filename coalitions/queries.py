"""Reads of coalitions."""

from django.db.models import QuerySet

from coalitions.models import Coalition
from regions.queries import Person, organisations_of


def led_by(user: Person) -> QuerySet[Coalition]:
    """Return the coalitions whose lead organisation the person speaks for."""
    return Coalition.objects.filter(lead_organisation__in=organisations_of(user).values("pk"))


def visible_to(user: Person) -> QuerySet[Coalition]:
    """Return the coalitions of the organisations that the person speaks for."""
    mine = organisations_of(user).values("pk")
    return Coalition.objects.filter(participations__organisation__in=mine).distinct()
