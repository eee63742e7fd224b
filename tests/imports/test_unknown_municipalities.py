"""A name that is no municipality is chosen once for all rows that have it; what it may mean is offered, and never taken by itself."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation
from imports.domain.meanings import MOST_WORDS, say_meanings, unknown_words
from imports.domain.words import LEFT_OUT
from imports.enums import Fate
from imports.forms.rows import RowReader
from imports.models import MapImport
from imports.views import meanings
from organisations.queries import organisations_in
from regions.domain.place_names import Named
from regions.enums import PlaceKind
from regions.models import Municipality, Region
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.regions import MunicipalityFactory, name_places
from tests.imports.spreadsheets import a_region, address, checked, mapper_of, text_file
from tests.pages import page_text

pytestmark = pytest.mark.django_db

ROWS = [
    ["Naam", "Gemeente"],
    ["Raad", "Oude Stad"],
    ["Kring", "oude stad, Middelstad"],
    ["Groep", "Middelstadt"],
    ["Fonds", "Nergenshuizen|gem. Oude Stad"],
    ["Club", "=A1"],
]
OLD, WRITTEN, NOWHERE = ("reaches", "oudestad"), ("reaches", "middelstadt"), ("reaches", "nergenshuizen")
WITH_WORD = ("reaches", "gemoudestad")


@pytest.fixture
def region() -> Region:
    """Return a region in which an old name lies, of which another region has one too."""
    region = a_region()
    here = Municipality.objects.get(code="GM9902")
    other = MunicipalityFactory.create(name="Aardenburg", sort_name="aardenburg", code="GM9903")
    name_places(
        *(Named("Oude Stad", PlaceKind.FORMER, each.name, each.pk, each.region_id) for each in (other, here))
    )
    return region


@pytest.fixture
def user(client: Client, region: Region) -> User:
    mapper = mapper_of(region)
    log_in(client, mapper)
    return mapper


@pytest.fixture
def made(region: Region, user: User) -> MapImport:
    return checked(region, user, text_file(ROWS))


def say(made: MapImport, user: User, said: dict[tuple[str, str], str]) -> None:
    made.refresh_from_db()
    read = RowReader()
    say_meanings(
        import_id=made.pk, meanings=said, seen_version=made.version, read=read, words=read.words, actor=user, at=AT
    )  # fmt: skip
    made.refresh_from_db()


def fates(made: MapImport) -> list[str]:
    return list(made.rows.exclude(fate=Fate.HEADING).order_by("number").values_list("fate", flat=True))


def choices(page: HttpResponse, key: str) -> list[tuple[str, str, bool]]:
    """Return code, words and whether it is chosen, of all that a word can mean."""
    found = re.search(
        rf'<select[^>]*name="woord-reaches-{key}"[^>]*>(.*?)</select>', page.content.decode(), re.DOTALL
    )
    assert found is not None
    options = re.findall(r'<option value="([^"]*)" ?(selected)?>\s*(.*?)\s*</option>', found[1], re.DOTALL)
    return [(code, words, bool(chosen)) for code, chosen, words in options]


def test_each_name_is_asked_once_with_in_how_many_rows_it_is(made: MapImport) -> None:
    found = [(each.word, each.rows) for each in unknown_words(made, RowReader().words)]
    assert found == [("Oude Stad", 2), ("gem. Oude Stad", 1), ("Middelstadt", 1), ("Nergenshuizen", 1)]
    assert fates(made) == [Fate.WRONG] * 5


def test_what_it_may_mean_is_offered_first_and_nothing_is_chosen(
    client: Client, region: Region, made: MapImport
) -> None:
    """What is of this region stands before what is elsewhere, and a typing error is a guess too."""
    page = client.get(address("import", region, made))
    row_by_row, left_out = ("", "Per rij verbeteren", False), ("-", "Zegt niets: dit woord weglaten", False)
    here = [("GM9902", "Ergens aan Zee", False), ("GM9901", "Middelstad", False)]
    old = [row_by_row, here[0], ("GM9903", "Aardenburg", False), here[1], left_out]
    assert choices(page, "oudestad") == choices(page, "gemoudestad") == old
    assert choices(page, "middelstadt") == [row_by_row, here[1], here[0], left_out]
    assert choices(page, "nergenshuizen") == [row_by_row, *here, left_out]
    assert page.content.decode().count('list="municipalities"') == 4
    assert "“Oude Stad” staat in 2 rijen Misschien: Ergens aan Zee, Aardenburg" in page_text(page)


def test_one_choice_goes_for_all_rows_and_comes_on_the_map(
    client: Client, region: Region, user: User, made: MapImport
) -> None:
    say(made, user, {OLD: "GM9902", WRITTEN: "GM9901", NOWHERE: LEFT_OUT, WITH_WORD: "GM9902,GM9903"})
    assert fates(made) == [Fate.NEW] * 4 + [Fate.WRONG]
    client.post(
        address("rows", region, made),
        {"seen_version": made.version, "lot": "alle", "page": "1", "rij-6": "", "keuze-6": "3"},
    )
    made.refresh_from_db()
    client.post(address("take", region, made), {"seen": made.version})
    found = organisations_in(region).order_by("name")
    assert [(each.name, sorted(place.name for place in each.reaches.all())) for each in found] == [
        ("Fonds", ["Aardenburg", "Ergens aan Zee"]),
        ("Groep", ["Middelstad"]),
        ("Kring", ["Ergens aan Zee", "Middelstad"]),
        ("Raad", ["Ergens aan Zee"]),
    ]
    made.refresh_from_db()
    assert made.meanings == {}


def test_a_name_that_says_nothing_empties_no_municipalities_on_the_map(
    client: Client, region: Region, user: User
) -> None:
    for rows in (["Raad", "Middelstad"], ["Raad", "Nergenshuizen"]):
        made = checked(region, user, text_file([["Naam", "Gemeente"], rows]))
        if "Nergenshuizen" in rows:
            say(made, user, {NOWHERE: LEFT_OUT})
            assert fates(made) == [Fate.SAME]
        else:
            client.post(address("take", region, made), {"seen": made.version})
    [row] = organisations_in(region)
    assert [each.name for each in row.reaches.all()] == ["Middelstad"]


@pytest.mark.parametrize("code", ["GM0000", "GM9901,", "GM9901,GM0000", "patients"])
def test_only_municipalities_can_be_meant(made: MapImport, user: User, code: str) -> None:
    before = made.version
    with pytest.raises(RuleViolation, match="Kies een woord uit de lijst"):
        say(made, user, {OLD: code})
    made.refresh_from_db()
    assert (made.meanings, made.version) == ({}, before)


def test_another_municipality_can_be_typed_and_a_mistake_keeps_all_that_was_typed(
    client: Client, region: Region, user: User, made: MapImport
) -> None:
    """Rule 32."""
    typed = {
        "seen_version": made.version,
        "woord-reaches-middelstadt": "GM9901",
        "gemeente-oudestad": "aardenburg; Nergens",
    }
    page = client.post(address("words", region, made), typed)
    text, html = page_text(page), page.content.decode()
    assert page.status_code == 422
    assert "Niet opgeslagen: u typte een gemeente die we niet kennen." in text
    assert "Deze gemeenten kennen we niet: Nergens." in text
    assert 'value="aardenburg; Nergens"' in html
    assert 'aria-invalid="true" aria-describedby="gemeente-oudestad-mistake"' in html
    assert ("GM9901", "Middelstad", True) in choices(page, "middelstadt")
    made.refresh_from_db()
    assert made.meanings == {}
    answer = client.post(
        address("words", region, made), typed | {"gemeente-oudestad": "aardenburg, Middelstad", "woord-reaches-oudestad": "-"}
    )  # fmt: skip
    made.refresh_from_db()
    assert answer.status_code == 302
    assert made.meanings == {"reaches": {"middelstadt": "GM9901", "oudestad": "GM9901,GM9903"}}
    page = client.get(address("import", region, made))
    assert ("GM9901,GM9903", "Aardenburg, Middelstad", True) in choices(page, "oudestad")


def test_a_file_with_hundreds_of_them_asks_a_few_at_once(client: Client, region: Region, user: User) -> None:
    rows = [[f"Raad {each}", f"Onbekend{each}"] for each in range(MOST_WORDS + 20)]
    made = checked(region, user, text_file([["Naam", "Gemeente"], *rows]))
    page = client.get(address("import", region, made))
    assert page.content.decode().count('list="municipalities"') == MOST_WORDS
    assert "Hierna volgen nog 20 woorden." in page_text(page)


def test_hundreds_that_were_chosen_send_one_field_each(
    client: Client, region: Region, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page sends no more fields than the server reads."""
    rows = [[f"Raad {each}", f"Onbekend{each}"] for each in range(3)]
    made = checked(region, user, text_file([["Naam", "Gemeente"], *rows]))
    say(made, user, {("reaches", f"onbekend{each}"): LEFT_OUT for each in range(3)})
    for most, fields in ((3, 3), (2, 0)):
        monkeypatch.setattr(meanings, "MOST_TYPED_AGAIN", most)
        page = client.get(address("import", region, made)).content.decode()
        assert (page.count('name="woord-reaches-'), page.count('list="municipalities"')) == (3, fields)


@pytest.mark.parametrize("rows", [1, 3])
def test_asking_takes_the_same_queries_however_many_names(
    client: Client, region: Region, user: User, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    names = ["Middelstadt", "Midelstad", "Middelstat"][:rows]
    made = checked(
        region, user, text_file([["Naam", "Gemeente"], *([f"Raad {each}", each] for each in names)])
    )
    with django_assert_num_queries(15):
        client.get(address("import", region, made))


def test_names_are_shown_as_text(client: Client, region: Region, user: User) -> None:
    made = checked(region, user, text_file([["Naam", "Gemeente"], ["Raad", '"><script>x</script>']]))
    page = client.get(address("import", region, made)).content.decode()
    assert "<script>x" not in page
    said: dict[str, Any] = {"gemeente-scriptxscript": '"><script>y</script>', "seen_version": made.version}
    assert "<script>y" not in client.post(address("words", region, made), said).content.decode()
