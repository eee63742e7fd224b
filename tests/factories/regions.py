"""Regions, municipalities, postcodes, organisations and who speaks for them."""

import factory
from django.utils.text import slugify
from factory.django import DjangoModelFactory

from hubportal.accounts.models import User
from regions.enums import LegalForm
from regions.models import (
    KwartiermakerAssignment,
    Municipality,
    Organisation,
    PostcodeRange,
    Region,
    Representative,
)
from regions.names import sort_name
from tests.factories.accounts import UserFactory
from tests.factories.moments import CALL_OPENS


class RegionFactory(DjangoModelFactory[Region]):
    """A region with a shape of its own."""

    class Meta:
        model = Region

    code = factory.Sequence(lambda number: f"T{number:03}")
    name = factory.Sequence(lambda number: f"Regio {number}")
    sort_name = factory.LazyAttribute(lambda region: sort_name(region.name))
    slug = factory.LazyAttribute(lambda region: slugify(region.name))
    population_2021 = 500_000
    shape = "M0 0L10 0L10 10Z"
    label_x = 5.0
    label_y = 5.0


class MunicipalityFactory(DjangoModelFactory[Municipality]):
    """A municipality in a region of its own, unless told otherwise."""

    class Meta:
        model = Municipality

    code = factory.Sequence(lambda number: f"GM{number:04}")
    name = factory.Sequence(lambda number: f"Gemeente {number}")
    sort_name = factory.LazyAttribute(lambda municipality: sort_name(municipality.name))
    region = factory.SubFactory(RegionFactory)
    population_2021 = 40_000


class PostcodeRangeFactory(DjangoModelFactory[PostcodeRange]):
    """The postcodes 1000 to 1009 of a municipality, unless told otherwise."""

    class Meta:
        model = PostcodeRange

    first = 1000
    last = 1009
    municipality = factory.SubFactory(MunicipalityFactory)


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


class RepresentativeFactory(DjangoModelFactory[Representative]):
    """Somebody who speaks for an organisation."""

    class Meta:
        model = Representative

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)
    since_at = CALL_OPENS


class KwartiermakerAssignmentFactory(DjangoModelFactory[KwartiermakerAssignment]):
    """A region assigned to somebody."""

    class Meta:
        model = KwartiermakerAssignment

    user = factory.SubFactory(UserFactory)
    region = factory.SubFactory(RegionFactory)
    since_on = factory.LazyFunction(CALL_OPENS.date)


def organisation_in(region: Region, **values: object) -> Organisation:
    """Make a legal person whose seat lies in a region."""
    municipality = region.municipalities.first() or MunicipalityFactory.create(region=region)
    return OrganisationFactory.create(municipality=municipality, **values)


def speaker_for(organisation: Organisation, **values: object) -> User:
    """Make somebody who speaks for an organisation."""
    return RepresentativeFactory.create(organisation=organisation, user=UserFactory.create(**values)).user
