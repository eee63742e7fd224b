"""A region is found by postcode, by municipality and by its own name."""

import pytest

from regions.queries import regions_matching
from tests.factories.regions import MunicipalityFactory, PostcodeRangeFactory, RegionFactory
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def haaglanden():
    region = RegionFactory.create(name="Haaglanden")
    municipality = MunicipalityFactory.create(name="'s-Gravenhage", region=region)
    PostcodeRangeFactory.create(first=2490, last=2599, municipality=municipality)
    return region


@pytest.mark.parametrize(
    "typed",
    ["2511", "2511 AB", "2511ab", " 2511  Ab ", "2490", "2599", "gravenhage", "'s-Gravenhage", "HAAGLAND"],
)
def test_a_region_is_found(haaglanden, typed: str) -> None:
    RegionFactory.create(name="Elders")
    assert list(regions_matching(typed)) == [haaglanden]


@pytest.mark.parametrize("sign", ["\u2018", "\u2019", "\u00b4", "`", "\u2032", "\u02bc", "'", "", " "])
def test_a_place_is_found_with_any_apostrophe(sign: str) -> None:
    region = RegionFactory.create(name="'t Gooi")
    municipality = MunicipalityFactory.create(name="'s-Hertogenbosch")
    assert list(regions_matching(f"{sign}t Gooi")) == [region]
    assert list(regions_matching(f"{sign}s-Hertogenbosch")) == [municipality.region]


@pytest.mark.parametrize(
    "typed",
    ["zuidoost brabant", "Zuidoost-Brabant", "zuidoostbrabant", "zuidoost\u2013brabant", "zuidoostb"],
)
def test_a_place_is_found_with_hyphen_space_or_neither(typed: str) -> None:
    region = RegionFactory.create(name="Zuidoost-Brabant")
    RegionFactory.create(name="Brabant")
    assert list(regions_matching(typed)) == [region]
    MunicipalityFactory.create(name="Alphen-Chaam", region=region)
    assert list(regions_matching("alphenchaam")) == [region]


@pytest.mark.parametrize(
    "typed", ["", " ", "a", "2489", "2600", "25111", "%", "__", "2511 ABC", "x' OR 1=1", "9" * 500]
)
def test_what_points_nowhere_finds_nothing(haaglanden, typed: str) -> None:
    assert list(regions_matching(typed)) == []


def test_a_postcode_at_an_edge_points_to_each_region_once(haaglanden) -> None:
    other = MunicipalityFactory.create()
    PostcodeRangeFactory.create(first=2511, last=2511, municipality=other, is_primary=False)
    assert set(regions_matching("2511")) == {haaglanden, other.region}
    assert regions_matching("2511").count() == 2


@pytest.mark.parametrize(("first", "last"), [(999, 1001), (9990, 10000), (2000, 1999)])
def test_the_database_refuses_a_range_that_is_none(first: int, last: int) -> None:
    with refused_by("postcode_range_of_four_digits"):
        PostcodeRangeFactory.create(first=first, last=last)


def test_the_database_refuses_a_range_twice() -> None:
    known = PostcodeRangeFactory.create()
    with refused_by("postcode_range_once_per_municipality"):
        PostcodeRangeFactory.create(municipality=known.municipality)
