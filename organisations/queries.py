"""Reads of organisations."""

from django.db.models import QuerySet

from hubportal.accounts.models import User
from hubportal.accounts.permissions import Person
from organisations.models import Organisation
from regions.models import Region


def organisations_in(region: Region) -> QuerySet[Organisation]:
    """Return the organisations seated or active in a region."""
    seated = Organisation.objects.order_by().filter(municipality__region=region).values("pk")
    active = Organisation.objects.order_by().filter(works_in=region).values("pk")
    return Organisation.objects.filter(pk__in=seated.union(active))


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
