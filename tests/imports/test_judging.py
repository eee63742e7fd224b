"""What each row is: new, as it is on the map, perhaps known already, or wrong and why."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from imports.domain.judging import check_rows
from imports.domain.reading import read_file
from imports.enums import Fate, ImportState
from imports.forms.rows import RowReader
from imports.models import MapImport
from mapping.domain.organisations import add_to_map
from mapping.domain.rows import MapFacts
from mapping.enums import SameBy
from mapping.finding import KnownOrganisations, Typed, doubles_of
from organisations.domain.organisations import OrganisationFacts
from organisations.models import OrganisationKind
from regions.models import Municipality
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, organisation_in
from tests.factories.regions import RegionFactory
from tests.imports.spreadsheets import a_region, begun, checked, fates, mapper_of, text_file

pytestmark = pytest.mark.django_db


def sure(columns: str, *cells: str) -> dict[str, object]:
    """Return what a row says, and fail for a mistake."""
    found = RowReader()(columns.split(), cells)
    assert found.mistakes == {}
    return dict(found.values)


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        (["Naam", "Soort", "Gemeenten", "KvK-nummer"], ["name", "kind", "reaches", "kvk_number"]),
        (["ORGANISATIE", "Stroom", "Plaats", "kvk nr."], ["name", "streams", "reaches", "kvk_number"]),
        (["Opmerkingen", "Instelling", "Contactpersoon", "E-mail"], ["notes", "name", "", ""]),
        (["Naam", "Nog onbekend", "Openbaar", "Gesprek"], ["name", "", "", "talk"]),
        (["Name", "Kind", "Municipalities", "Public contact"], ["name", "kind", "reaches", "public_contact"]),
        (["Naam", "Organisatie", "Website"], ["name", "", "website"]),
        (["Naam instelling", "Waar", "Opm."], ["name", "reaches", "notes"]),
    ],
)
def test_columns_are_guessed_from_their_headings(headings: list[str], columns: list[str]) -> None:
    a_region()
    assert RowReader().words.guess([headings, ["x"] * len(headings)]) == (1, columns)


def test_headings_may_stand_below_a_title_or_lack_altogether() -> None:
    a_region()
    words = RowReader().words
    assert words.guess([["Overzicht 2024"], ["Naam", "Website"], ["Raad", ""]]) == (2, ["name", "website"])
    cells = [
        ["Raad Zuid", "12345678", "Middelstad", "www.raad.nl"],
        ["Raad Noord", "", "Ergens aan Zee", "raad.nl"],
    ]
    assert words.guess(cells) == (0, ["name", "kvk_number", "reaches", "website"])


def test_cells_are_read_in_dutch_and_in_english_whatever_the_language() -> None:
    a_region()
    kind = OrganisationKind.objects.create(code="raad", name="Raad", name_in_english="Council", position=1)
    columns = "name kind role domains streams next_on website talk"
    for language in ("nl", "en"):
        with override(language):
            said = sure(
                columns,
                "A",
                "council",
                "Leefwereld",
                "Zorg; welzijn",
                "residents",
                "1/9/2024",
                "a.nl",
                "to_call",
            )
            assert (said["kind"], said["role"], said["domains"]) == (kind, "life", ["care", "welfare"])
            assert (said["streams"], str(said["next_on"]), said["website"]) == (
                ["residents"], "2024-09-01", "https://a.nl",
            )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "cell", "mistake"),
    [
        ("reaches", "Middelstad, Nergenshuizen", "We do not know these municipalities: Nergenshuizen."),
        ("kvk_number", "1234567", "A KvK number has eight digits."),
        ("kvk_number", '=HYPERLINK("x")', "There is a formula in this cell."),
        ("notes", "#VERW!", "The spreadsheet could not compute this cell."),
        ("notes", "#N/A", "The spreadsheet could not compute this cell."),
        (
            "role",
            "dwarsligger",
            "“dwarsligger” is not in our list. Type a word from the list on the map, or empty this.",
        ),
        (
            "role",
            "leefwereld, systeemwereld",
            "“leefwereld, systeemwereld” is not in our list. Type a word from the list on the map, or empty this.",
        ),
        ("next_on", "31-02-2024", "Enter a day, for example 01-09-2024."),
        ("website", "geen", "Type a web address, for example www.example.nl, or empty this."),
        ("name", "Win op https://spam.example", "Leave out web addresses"),
        ("name", "", "Type the name of the organisation."),
    ],
)
def test_a_wrong_cell_says_why(field: str, cell: str, mistake: str) -> None:
    a_region()
    with override("en"):
        found = RowReader()([field], [cell])
        assert mistake in found.mistakes[field]


def test_a_row_is_new_or_as_it_is_or_perhaps_known() -> None:
    region = a_region()
    user = mapper_of(region)
    reaches = frozenset(Municipality.objects.filter(name="Middelstad"))
    same = add_to_map(
        facts=OrganisationFacts("Raad Zuid", kvk_number="12345678", role="life"),
        region=region,
        more=MapFacts(reaches, talk="to_call", notes="Belt terug"),
        actor=user,
        at=AT,
    )
    rows = [
        ["Naam", "KvK", "Gemeente", "Gesprek", "Notities"],
        ["Raad Zuid", "12345678", "Middelstad", "still to call", "Belt terug"],
        ["Raad Zuid", "", "", "", ""],
        ["Raad Zuidd", "", "", "", ""],
        ["Iets anders", "12345678", "", "", ""],
        ["Raad Zuid", "", "Ergens aan Zee", "", ""],
        ["Wijkraad", "", "", "", ""],
        ["Wijkraad", "", "", "", ""],
        ["Wijkraad", "", "Middelstad", "", ""],
        ["Nieuw 1", "87654321", "", "", ""],
        ["Nieuw 2", "87654321", "", "", ""],
    ]
    made = checked(region, user, text_file(rows))
    found = list(made.rows.order_by("number").values_list("fate", "twin", "by", "twin_number"))
    assert found == [
        (Fate.HEADING, None, None, None),
        (Fate.SAME, same.pk, SameBy.NUMBER, None),
        (Fate.SAME, same.pk, SameBy.NAME, None),
        (Fate.DOUBTFUL, same.pk, SameBy.ALIKE, None),
        # The number of a row above it too.
        (Fate.WRONG, same.pk, SameBy.NUMBER, 2),
        (Fate.DOUBTFUL, same.pk, SameBy.NAME, 2),
        (Fate.NEW, None, None, None),
        (Fate.SAME, None, None, 7),
        (Fate.DOUBTFUL, None, SameBy.NAME, 7),
        (Fate.NEW, None, None, None),
        (Fate.WRONG, None, SameBy.NUMBER, 10),
    ]


def test_only_what_the_kwartiermaker_may_know_of_makes_a_row_doubtful() -> None:
    """Rule 26: neither the map of another region nor who only takes part in a coalition."""
    region = a_region()
    user = mapper_of(region)
    organisation_in(RegionFactory.create(), name="Raad Elders", kvk_number="11111111")
    OrganisationFactory.create(name="Raad Coalitie", kvk_number="22222222", mapped_at=None)
    public = organisation_in(
        RegionFactory.create(), name="Raad Openbaar", kvk_number="33333333", published_at=AT
    )
    rows = [
        ["Naam", "KvK"],
        ["Raad Elders", "11111111"],
        ["Raad Coalitie", "22222222"],
        ["Raad Openbaar", ""],
    ]
    made = checked(region, user, text_file(rows))
    assert list(made.rows.order_by("number").values_list("fate", "twin"))[1:] == [
        (Fate.NEW, None),
        (Fate.NEW, None),
        (Fate.DOUBTFUL, public.pk),
    ]


def test_many_are_found_as_one_is() -> None:
    region = a_region()
    user = mapper_of(region)
    for number in range(3):
        organisation_in(
            region, name=f"Stichting Zorgbelang {['Midden', 'Noord', 'Zuid'][number]}", other_names="ZB, Oude Raad",
            website=f"https://www.zorg{number}.example", kvk_number=f"1234567{number}",
        )  # fmt: skip
    known = KnownOrganisations(region=region, user=user)
    for typed in (
        Typed("Zorgbelang Middn"), Typed("Oude raad"), Typed("x", website="zorg1.example"),
        Typed("x", kvk_number="12345672"), Typed("Noord Zorgbelang"), Typed("Raad"), Typed(""), Typed("Zorg 1"),
    ):  # fmt: skip
        assert known.doubles_of(typed)[:5] == doubles_of(typed, region=region, user=user)


def queries_for(rows: int) -> int:
    region = a_region()
    user = mapper_of(region)
    organisation_in(region, name="Wijkraad 1", kvk_number="")
    made = begun(region, user, text_file([["Naam"], *([f"Wijkraad {each}"] for each in range(rows))]))
    read = RowReader()
    read_file(import_id=made.pk, words=read.words, at=AT)
    with CaptureQueriesContext(connection) as queries:
        check_rows(import_id=made.pk, read=read, at=AT)
    made.refresh_from_db()
    assert made.state == ImportState.DECIDING
    return len(queries)


@pytest.mark.parametrize("rows", [3, 300])
def test_many_rows_are_judged_in_as_many_queries_as_three(rows: int) -> None:
    assert queries_for(rows) == 15


def test_rows_are_judged_a_thousand_at_a_time_beside_those_above_them() -> None:
    region = a_region()
    names = [[f"Organisatie met nummer {number}"] for number in range(1500)]
    made = begun(region, mapper_of(region), text_file([["Naam"], *names, names[0], ["Laatste"]]))
    read = RowReader()
    read_file(import_id=made.pk, words=read.words, at=AT)
    assert check_rows(import_id=made.pk, read=read, at=AT)
    made.refresh_from_db()
    assert (made.state, made.rows.filter(fate="").count()) == (ImportState.CHECKING, 502)
    assert check_rows(import_id=made.pk, read=read, at=AT)
    assert not check_rows(import_id=made.pk, read=read, at=AT)
    assert fates(MapImport.objects.get(pk=made.pk))[-2:] == [(1502, Fate.SAME), (1503, Fate.NEW)]
