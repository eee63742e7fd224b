"""Reads of organisations."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from hubportal.accounts.models import User
from hubportal.accounts.permissions import Person
from organisations.models import Organisation
from regions.models import Region


def organisations_in(region: Region) -> QuerySet[Organisation]:
    """Return the organisations on the map that are seated or active in a region."""
    seated = Organisation.objects.order_by().filter(municipality__region=region).values("pk")
    active = Organisation.objects.order_by().filter(works_in=region).values("pk")
    return organisations_on_map().filter(pk__in=seated.union(active))


def organisations_on_map() -> QuerySet[Organisation]:
    """Return the organisations that kwartiermakers may know of; who only takes part in a coalition is not (rule 26)."""
    return Organisation.objects.filter(mapped_at__isnull=False)


def public_organisations() -> QuerySet[Organisation]:
    """Return the organisations that a kwartiermaker published (rule 23)."""
    return Organisation.objects.filter(published_at__isnull=False)


def organisations_of(user: Person) -> QuerySet[Organisation]:
    """Return the organisations that a person speaks for."""
    if not user.is_authenticated:
        return Organisation.objects.none()
    return Organisation.objects.filter(representatives__user=user)


def people_who_speak_for(organisation_id: int) -> QuerySet[User]:
    """Return the people who speak for an organisation."""
    return User.objects.filter(representations__organisation=organisation_id)


def with_kvk_number(kvk_number: str) -> QuerySet[Organisation]:
    """Return the organisation with this number, if the portal knows it."""
    return Organisation.objects.filter(kvk_number=kvk_number)


def regions_of_organisation(organisation: Organisation) -> QuerySet[Any, int]:
    """Return the primary keys of the regions in which an organisation is seated or active."""
    return (
        Region.objects.filter(
            Q(active_organisations=organisation) | Q(municipalities=organisation.municipality_id)
        )
        .order_by()
        .values_list("pk", flat=True)
        .distinct()
    )


def public_organisations_by_region(region_ids: Iterable[int]) -> QuerySet[Any, tuple[int, int]]:
    """Return pairs of a region and a public organisation that is seated or active there, each once (rule 23)."""
    ids = list(region_ids)
    public = public_organisations().order_by()
    seated = public.filter(municipality__region__in=ids).values_list("municipality__region", "pk")
    active = public.filter(works_in__in=ids).values_list("works_in", "pk")
    return seated.union(active)
