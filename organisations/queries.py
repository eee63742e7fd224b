"""Reads of organisations."""

from django.db.models import QuerySet

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
