"""Organisations and who speaks for them."""

import factory
from factory.django import DjangoModelFactory

from hubportal.accounts.models import User
from organisations.legal_forms import LegalForm
from organisations.models import Organisation, Representative
from regions.models import Region
from regions.names import sort_name
from tests.factories.accounts import UserFactory
from tests.factories.moments import CALL_OPENS
from tests.factories.regions import MunicipalityFactory


class OrganisationFactory(DjangoModelFactory[Organisation]):
    """A legal person in the register."""

    class Meta:
        model = Organisation

    name = factory.Sequence(lambda number: f"Stichting Voorbeeld {number} (fictief)")
    sort_name = factory.LazyAttribute(lambda organisation: sort_name(organisation.name))
    kvk_number = factory.Sequence(lambda number: f"{90_000_000 + number:08}")
    legal_form = LegalForm.FOUNDATION
    municipality = factory.SubFactory(MunicipalityFactory)
    created_at = CALL_OPENS
    mapped_at = CALL_OPENS


class RepresentativeFactory(DjangoModelFactory[Representative]):
    """Somebody who speaks for an organisation."""

    class Meta:
        model = Representative

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)
    since_at = CALL_OPENS


def organisation_in(region: Region, **values: object) -> Organisation:
    """Make a legal person whose seat lies in a region."""
    municipality = region.municipalities.first() or MunicipalityFactory.create(region=region)
    return OrganisationFactory.create(municipality=municipality, **values)


def speaker_for(organisation: Organisation, **values: object) -> User:
    """Make somebody who speaks for an organisation."""
    return RepresentativeFactory.create(organisation=organisation, user=UserFactory.create(**values)).user
