"""What somebody may have meant by a name that is no municipality: offered, the surest first, never certain."""

import pytest
from pytest_django import DjangoAssertNumQueries

from regions.domain.place_names import Named
from regions.enums import PlaceKind
from regions.finding import municipalities_meant
from regions.models import Municipality
from tests.factories.regions import MunicipalityFactory, name_places

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places() -> None:
    """Name a few municipalities, an old one that became two, and a village with the name of another one."""
    maashorst, meierijstad, bergen, _utrecht = (
        MunicipalityFactory.create(name=each)
        for each in ("Maashorst", "Meierijstad", "Bergen (L.)", "Utrecht")
    )

    def named(name: str, kind: PlaceKind, where: Municipality, means: str = "") -> Named:
        return Named(name, kind, means, where.pk, where.region_id)

    name_places(
        named("Uden", PlaceKind.PLACE, maashorst),
        named("Uden", PlaceKind.FORMER, maashorst, "Maashorst"),
        named("Oudenland", PlaceKind.FORMER, maashorst, "Maashorst"),
        named("Oudenland", PlaceKind.PLACE, meierijstad),
        named("Veghel", PlaceKind.FORMER, meierijstad, "Meierijstad"),
        named("Bergen", PlaceKind.PLACE, bergen),
    )


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Uden", ["Maashorst"]),
        ("UDEN ", ["Maashorst"]),
        ("Oudenland", ["Meierijstad", "Maashorst"]),
        ("gemeente Utrecht", ["Utrecht"]),
        ("Gem. Uden", ["Maashorst"]),
        ("Uden (gem. Maashorst)", ["Maashorst"]),
        ("Veghel/Uden", ["Meierijstad", "Maashorst"]),
        ("Uden en Veghel", ["Maashorst", "Meierijstad"]),
        ("Utregt", ["Utrecht"]),
        ("Maashrost", ["Maashorst"]),
        ("Bergen", ["Bergen (L.)"]),
        ("heel Nederland", []),
        ("?!", []),
        ("en", []),
        ("Gemeente", []),
    ],
)
def test_a_name_leads_to_the_municipalities_that_it_may_mean(word: str, meant: list[str]) -> None:
    found = municipalities_meant([word])
    assert {key: [each.name for each in places] for key, places in found.items()} == {word: meant}


@pytest.mark.parametrize("words", [["Udem"], ["Udem", "Utregt", "Veghel"]])
def test_asking_takes_the_same_queries_however_many_names(
    words: list[str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        municipalities_meant(words)
    with django_assert_num_queries(0):
        municipalities_meant([])
