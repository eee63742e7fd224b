"""Regions, municipalities and postcodes."""

import string

import factory
from django.utils.text import slugify
from factory.django import DjangoModelFactory

from regions.domain.place_names import Named, keep_place_names, names_of_areas
from regions.models import Municipality, PostcodeRange, Region
from regions.names import sort_name


def region_code(number: int) -> str:
    """Return a code of four characters that no real region has, different for the first 46,656 numbers."""
    digits = string.digits + string.ascii_uppercase
    return "T" + "".join(digits[number // 36**place % 36] for place in (2, 1, 0))


class RegionFactory(DjangoModelFactory[Region]):
    """A region with a shape of its own."""

    class Meta:
        model = Region

    code = factory.Sequence(region_code)
    name = factory.Sequence(lambda number: f"Regio {number}")
    sort_name = factory.LazyAttribute(lambda region: sort_name(region.name))
    slug = factory.LazyAttribute(lambda region: slugify(region.name))
    population_2021 = 500_000
    shape = "M0 0L10 0L10 10Z"
    view_box = "0 0 10 10"


class MunicipalityFactory(DjangoModelFactory[Municipality]):
    """A municipality in a region of its own, by default."""

    class Meta:
        model = Municipality

    code = factory.Sequence(lambda number: f"GM{number:04}")
    name = factory.Sequence(lambda number: f"Gemeente {number}")
    sort_name = factory.LazyAttribute(lambda municipality: sort_name(municipality.name))
    region = factory.SubFactory(RegionFactory)
    population_2021 = 40_000


class PostcodeRangeFactory(DjangoModelFactory[PostcodeRange]):
    """The postcodes 1000 to 1009 of a municipality, by default."""

    class Meta:
        model = PostcodeRange

    first = 1000
    last = 1009
    municipality = factory.SubFactory(MunicipalityFactory)


def name_places(*others: Named) -> None:
    """Let the regions and municipalities that are there be found by name, and by these other names."""
    keep_place_names([*names_of_areas(), *others])
