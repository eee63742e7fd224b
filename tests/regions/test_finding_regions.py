"""A region is found by postcode, by the names of its places and by its own, the surest first."""

import pytest
from pytest_django import DjangoAssertNumQueries

from regions.domain.place_names import Named
from regions.enums import FoundBy, PlaceKind
from regions.finding import find_regions
from regions.models import Municipality, PlaceName, Region
from tests.factories.regions import MunicipalityFactory, PostcodeRangeFactory, RegionFactory, name_places
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def regions_of(typed: str) -> list[Region]:
    return [each.region for each in find_regions(typed).found]


def certain(typed: str) -> Region | None:
    hit = find_regions(typed).certain
    return hit.region if hit else None


def place(name: str, municipality: Municipality, kind: PlaceKind = PlaceKind.PLACE, means: str = "") -> Named:
    return Named(name, kind, means, municipality.pk, municipality.region_id)


@pytest.fixture
def haaglanden():
    region = RegionFactory.create(name="Haaglanden")
    municipality = MunicipalityFactory.create(name="'s-Gravenhage", region=region)
    PostcodeRangeFactory.create(first=2490, last=2599, municipality=municipality)
    RegionFactory.create(name="Elders")
    name_places(place("Den Haag", municipality, PlaceKind.OTHER, "'s-Gravenhage"))
    return region


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "2511",
            "2511 AB",
            "2511ab",
            " 2511  Ab ",
            "2490",
            "2599",
            "25 11 a b",
            "2511-AB",
            "NL-2511 AB",
            "2511.",
        ),
        *("Spui 70, 2511 BT Den Haag", "Spui 1234\n2511BT", "2511 Den Haag", "Den Haag 2511"),
        *("gravenhage", "'s-Gravenhage", "HAAGLANDEN", "den haag", "DEN-HAAG", "denhaag", "haag"),
    ],
)
def test_who_types_it_whole_is_sure_of_the_region(haaglanden, typed: str) -> None:
    assert (certain(typed), regions_of(typed)) == (haaglanden, [haaglanden])


@pytest.mark.parametrize(
    "typed", ["graven", "haagl", "Spui 70, Den Haag", "Haaglnden", "Graveenhagn", "'s-Gravehnage"]
)
def test_what_may_mean_something_else_is_asked(haaglanden, typed: str) -> None:
    assert (certain(typed), regions_of(typed)) == (None, [haaglanden])


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            " ",
            "a",
            "2489",
            "2600",
            "25111",
            "%",
            "__",
            "x' OR 1=1",
            "9" * 500,
            "2" * 4_000,
            "\u202e",
            "()",
            "a (b)",
        ),
        # Letters inside a word, too many errors, and errors in a short name.
        *("venhage", "landen", "Grvnhg", "Hag", "0123", "2600 AB Spui"),
    ],
)
def test_what_points_nowhere_finds_nothing(haaglanden, typed: str) -> None:
    assert (certain(typed), regions_of(typed)) == (None, [])


def test_in_six_letters_two_errors_are_forgiven_only_where_nothing_has_one() -> None:
    utrecht = MunicipalityFactory.create(name="Utrecht")
    MunicipalityFactory.create(name="Altena")
    name_places()
    assert (certain("Utregt"), regions_of("Utregt")) == (None, [utrecht.region])
    nearer = MunicipalityFactory.create(name="Urecht")
    name_places()
    assert (certain("Urrcht"), regions_of("Urrcht")) == (None, [nearer.region])
    assert regions_of("Alten") != []
    assert regions_of("Alxxn") == []


@pytest.mark.parametrize("sign", ["\u2018", "\u2019", "\u00b4", "`", "\u2032", "\u02bc", "'", "", " "])
def test_a_place_is_found_with_any_apostrophe(sign: str) -> None:
    region = RegionFactory.create(name="'t Gooi")
    municipality = MunicipalityFactory.create(name="'s-Hertogenbosch")
    name_places()
    assert certain(f"{sign}t Gooi") == region
    assert certain(f"{sign}s-Hertogenbosch") == municipality.region


@pytest.mark.parametrize(
    "typed",
    ["zuidoost brabant", "Zuidoost-Brabant", "zuidoostbrabant", "zuidoost\u2013brabant", "Zuidoóst Brabant"],
)
def test_a_place_is_found_with_hyphen_space_or_neither(typed: str) -> None:
    region = RegionFactory.create(name="Zuidoost-Brabant")
    RegionFactory.create(name="Brabant")
    MunicipalityFactory.create(name="Alphen-Chaam", region=region)
    name_places()
    assert certain(typed) == region
    assert certain("alphenchaam") == region


def test_the_surest_stands_first_and_a_part_of_a_word_nowhere() -> None:
    exact = MunicipalityFactory.create(name="Bergen", region__name="Zuid")
    other = MunicipalityFactory.create(name="Mons", region__name="Oost")
    longer = MunicipalityFactory.create(name="Bergen op Zoom", region__name="Noord")
    almost = MunicipalityFactory.create(name="Beregnop", region__name="West")
    MunicipalityFactory.create(name="Tubbergen", region__name="Elders")
    name_places(place("Bergen", other, PlaceKind.OTHER, "Mons"))
    found = find_regions("bergen").found
    assert [(each.region, [hit.by for hit in each.hits]) for each in found] == [
        (exact.region, [FoundBy.NAME]),
        (other.region, [FoundBy.OTHER_NAME]),
        (longer.region, [FoundBy.BEGINNING]),
    ]
    assert certain("bergen") is None
    found = find_regions("bergen op").found
    assert [(each.region, [hit.by for hit in each.hits]) for each in found] == [
        (longer.region, [FoundBy.BEGINNING]),
        (almost.region, [FoundBy.SPELLING]),
        (exact.region, [FoundBy.SPELLING]),
        (other.region, [FoundBy.SPELLING]),
    ]


def test_a_name_of_two_regions_is_asked_until_its_municipality_is_said() -> None:
    one, other = MunicipalityFactory.create(name="Woerden"), MunicipalityFactory.create(name="Breda")
    name_places(place("Beek", one), place("Beek", other))
    assert (certain("Beek"), set(regions_of("Beek"))) == (None, {one.region, other.region})
    assert (certain("Beek (Breda)"), regions_of("Beek (Breda)")) == (other.region, [other.region])


def test_of_an_address_the_longest_name_at_its_end_counts() -> None:
    long = MunicipalityFactory.create(name="Alphen aan den Rijn")
    MunicipalityFactory.create(name="Rijn")
    name_places()
    assert regions_of("Dorpsstraat 12 Alphen aan den Rijn, Nederland") == [long.region]


def test_the_number_of_a_house_is_no_postcode_where_the_name_says_so() -> None:
    there, elsewhere = MunicipalityFactory.create(name="Uden"), MunicipalityFactory.create()
    PostcodeRangeFactory.create(first=5406, last=5406, municipality=there)
    PostcodeRangeFactory.create(first=1234, last=1234, municipality=elsewhere)
    name_places()
    assert certain("Kerkstraat 1, 5406 Uden") == there.region
    assert certain("Kerkstraat 1234, Uden") is None
    assert set(regions_of("Kerkstraat 1234, Uden")) == {there.region, elsewhere.region}


def test_a_postcode_at_an_edge_points_to_each_region_once(haaglanden) -> None:
    other = MunicipalityFactory.create()
    PostcodeRangeFactory.create(first=2511, last=2511, municipality=other, is_primary=False)
    assert (certain("2511"), regions_of("2511 AB")) == (None, [haaglanden, other.region])


@pytest.mark.parametrize("count", [1, 3])
def test_finding_takes_the_same_queries_however_many_names(
    django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for each in range(count):
        MunicipalityFactory.create(name=f"Dorpsveld {each}")
    name_places()
    with django_assert_num_queries(4):
        assert len(find_regions("dorpsveld").found) == count
    with django_assert_num_queries(2):
        find_regions("2511 AB Dorpsveld")


def test_names_are_kept_once_however_often_they_are_loaded() -> None:
    municipality = MunicipalityFactory.create(name="Uden")
    name_places(place("Volkel", municipality))
    before = list(PlaceName.objects.order_by("pk").values_list("pk", flat=True))
    name_places(place("Volkel", municipality), place("Volkel", municipality))
    assert list(PlaceName.objects.order_by("pk").values_list("pk", flat=True)) == before
    name_places()
    assert not PlaceName.objects.filter(name="Volkel").exists()


@pytest.mark.parametrize(("first", "last"), [(999, 1001), (9990, 10000), (2000, 1999)])
def test_the_database_refuses_a_range_that_is_none(first: int, last: int) -> None:
    with refused_by("postcode_range_of_four_digits"):
        PostcodeRangeFactory.create(first=first, last=last)


def test_the_database_refuses_a_range_twice() -> None:
    known = PostcodeRangeFactory.create()
    with refused_by("postcode_range_once_per_municipality"):
        PostcodeRangeFactory.create(municipality=known.municipality)


def test_the_database_refuses_a_name_twice_and_of_no_known_kind() -> None:
    region = RegionFactory.create(name="Midden")
    name_places()
    known = PlaceName.objects.get(region=region)
    with refused_by("place_name_once_per_municipality"):
        PlaceName.objects.create(name=region.name, kind=PlaceKind.REGION, region=region)
    with refused_by("place_name_of_a_known_kind"):
        PlaceName.objects.create(name="Elders", kind="street", region=region)
    with refused_by("place_key_once_per_name"):
        known.keys.create(key=known.keys.get().key, is_whole=False)
