"""The pages of an import, and the map as a spreadsheet that comes back unchanged."""

import csv
import io
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.models import User
from hubportal.documents.domain import bounded
from imports.domain import taking
from imports.domain.importing import MAX_OPEN_IMPORTS
from imports.enums import Fate, ImportState
from imports.models import MapImport
from imports.tasks import forget_task, read_files_task, take_task
from mapping.domain.organisations import add_to_map
from mapping.domain.rows import MapFacts
from organisations.domain.organisations import OrganisationFacts
from organisations.models import OrganisationKind
from organisations.queries import organisations_in
from regions.models import Municipality, Region
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in
from tests.factories.regions import RegionFactory
from tests.imports.spreadsheets import (
    a_region,
    address,
    begun,
    checked,
    fates,
    mapper_of,
    taken,
    text_file,
    workbook,
)
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    return a_region()


@pytest.fixture
def user(client: Client, region: Region) -> User:
    mapper = mapper_of(region)
    log_in(client, mapper)
    return mapper


def names(region: Region) -> list[str]:
    return list(organisations_in(region).order_by("sort_name", "pk").values_list("name", flat=True))


def pasted(rows: int) -> str:
    head = "Naam\tGemeente\tRol\n"
    return head + "".join(
        f"Organisatie {each} te Middelstad\tMiddelstad\tleefwereld\n" for each in range(rows)
    )


def test_fifty_seven_rows_are_pasted_and_on_the_map_in_three_steps(
    client: Client, region: Region, user: User
) -> None:
    key = str(uuid4())
    for _twice in range(2):
        answer = client.post(address("imports", region), {"key": key, "pasted": pasted(57)})
    made = MapImport.objects.get()
    assert (answer.status_code, answer.url) == (302, address("import", region, made))
    assert made.key == UUID(key)
    assert "57 rijen. Er wacht niets op u." in page_text(client.get(answer.url))
    page = page_text(client.get(address("take", region, made)))
    assert "57 nieuw op de kaart" in page
    assert names(region) == []
    answer = client.post(address("take", region, made), {"seen": made.version})
    assert len(names(region)) == 57
    assert "57 nieuw" in page_text(client.get(answer.url))


def test_a_file_is_read_by_the_jobs_and_its_page_says_how_far_it_is(
    client: Client, region: Region, user: User
) -> None:
    file = SimpleUploadedFile("kaart.xlsx", workbook([["Naam", "KvK"], ["Raad", "12345678"], ["Fout", "1"]]))
    answer = client.post(address("imports", region), {"key": str(uuid4()), "file": file})
    page = page_text(client.get(answer.url))
    assert "Het bestand wordt zo gelezen." in page
    read_files_task()
    page = client.get(answer.url)
    assert "2 rijen. 1 wacht op u." in page_text(page)
    assert "Een KvK-nummer heeft acht cijfers." in page_text(page)


def rows_typed(made: MapImport, **changes: Any) -> dict[str, Any]:
    return {"seen_version": made.version, "lot": "open", "page": "1", **changes}


def test_a_wrong_row_is_mended_in_place_and_what_is_typed_stays_until_it_is_right(
    client: Client, region: Region, user: User
) -> None:
    made = checked(region, user, text_file([["Naam", "KvK"], ["Raad", "12"]]))
    rows = address("rows", region, made)
    client.post(rows, rows_typed(made, **{"rij-2": "", "cel-2-1": "123", "keuze-2": ""}))
    page = client.get(address("import", region, made)).content.decode()
    assert 'name="cel-2-1"' in page
    assert 'value="123"' in page
    # Over a newer version: nothing is lost.
    answer = client.post(rows, rows_typed(made, **{"rij-2": "", "cel-2-1": "1234", "keuze-2": ""}))
    assert (answer.status_code, 'value="1234"' in answer.content.decode()) == (409, True)
    made.refresh_from_db()
    client.post(rows, rows_typed(made, **{"rij-2": "", "cel-2-1": "12345678", "keuze-2": ""}))
    assert fates(made) == [(1, Fate.HEADING), (2, Fate.NEW)]


def test_a_doubtful_row_stands_beside_its_twin_with_three_choices(
    client: Client, region: Region, user: User
) -> None:
    add_to_map(
        facts=OrganisationFacts("Raad Zuid", role="system", kvk_number="12345678"),
        region=region,
        actor=user,
        at=AT,
    )
    made = checked(region, user, text_file([["Naam", "Rol", "Wijk"], ["Raad Zuid", "leefwereld", "Centrum"]]))
    page = client.get(address("import", region, made))
    text = page_text(page)
    assert "Misschien al bekend · zelfde naam: Raad Zuid" in text
    assert "Rol: leefwereld · op de kaart: systeemwereld" in text
    assert "Wijk, buurt of dorp: Centrum · staat nog niet op de kaart" in text
    for value in "123":
        assert f'name="keuze-2" value="{value}"' in " ".join(page.content.decode().split())
    client.post(
        address("rows", region, made), rows_typed(made, **{"rij-2": "", "keuze-2": "1", "vervang-2": "yes"})
    )
    made.refresh_from_db()
    client.post(address("take", region, made), {"seen": made.version})
    raad = organisations_in(region).get()
    assert (raad.role, raad.neighbourhood) == ("life", "Centrum")
    client.post(address("undo", region, made))
    raad.refresh_from_db()
    assert (raad.role, raad.neighbourhood) == ("system", "")
    assert "Dit was op de kaart gezet:" in page_text(client.get(address("import", region, made)))
    assert "teruggedraaid –" in page_text(client.get(address("imports", region)))


def test_a_twin_of_which_its_maker_may_no_longer_know_is_not_shown(client: Client) -> None:
    """Rule 26."""
    here, other = a_region(), RegionFactory.create()
    user = mapper_of(here, other)
    log_in(client, user)
    organisation_in(other, name="Geheime Raad", kvk_number="12345678")
    made = checked(here, user, text_file([["Naam", "KvK"], ["Iets", "12345678"]]))
    assert "Geheime Raad" in page_text(client.get(address("import", here, made)))
    user.kwartiermaker_assignments.get(region=other).delete()
    assert "Geheime Raad" not in page_text(client.get(address("import", here, made)))


def test_columns_are_mended_by_hand(client: Client, region: Region, user: User) -> None:
    made = checked(region, user, text_file([["Iets", "Wat"], ["12345678", "Raad Zuid"]]))
    columns = address("columns", region, made)
    typed = {"seen_version": made.version, "heading": "1", "kolom-0": "kvk_number", "kolom-1": "kvk_number"}
    answer = client.post(columns, typed)
    assert (answer.status_code, "Twee kolommen kunnen niet" in page_text(answer)) == (422, True)
    client.post(columns, typed | {"kolom-1": "name"})
    made.refresh_from_db()
    assert (made.columns, made.heading_number, fates(made)) == (
        ["kvk_number", "name"], 1, [(1, Fate.HEADING), (2, Fate.NEW)],
    )  # fmt: skip


def test_a_long_import_goes_on_in_the_background(
    client: Client, region: Region, user: User, monkeypatch
) -> None:
    monkeypatch.setattr(taking, "TAKEN_AT_ONCE", 1)
    made = checked(region, user, text_file([["Naam"], ["Raad Zuid"], ["Café"]]))
    answer = client.post(address("take", region, made), {"seen": made.version})
    assert "Dit komt in één keer op de kaart. Nieuw: 2. Al bekend en bijgewerkt: 0." in page_text(
        client.get(answer.url)
    )
    take_task()
    assert "Op de kaart." in page_text(client.get(answer.url))
    assert names(region) == ["Café", "Raad Zuid"]


def test_a_map_that_went_on_is_said_and_nothing_comes_on_it(
    client: Client, region: Region, user: User
) -> None:
    made = checked(region, user, text_file([["Naam"], ["Raad Zuid"], ["Café"]]))
    add_to_map(facts=OrganisationFacts("Café"), region=region, actor=user, at=AT)
    answer = client.post(address("take", region, made), {"seen": made.version}, follow=True)
    assert "Er is dus niets op gezet. De rijen worden opnieuw nagekeken." in page_text(answer)
    assert names(region) == ["Café"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Kies een bestand, of plak cellen."),
        ({"pasted": "  \n "}, "Kies een bestand, of plak cellen."),
        (
            {"pasted": "Raad", "file": SimpleUploadedFile("x.csv", b"Naam")},
            "Kies een bestand of plak cellen, niet allebei.",
        ),
        ({"file": SimpleUploadedFile("x.csv", b"")}, "leeg"),
    ],
)
def test_what_cannot_be_an_import_is_said_at_the_field(
    client: Client, region: Region, user: User, typed: dict[str, Any], sentence: str
) -> None:
    answer = client.post(address("imports", region), {"key": str(uuid4()), **typed})
    assert (answer.status_code, sentence in page_text(answer), MapImport.objects.count()) == (422, True, 0)


def test_a_file_that_is_too_large_is_refused(client: Client, region: Region, user: User, settings) -> None:
    settings.UPLOAD_LIMIT_BYTES = 10
    answer = client.post(
        address("imports", region), {"file": SimpleUploadedFile("x.csv", b"Naam\r\nRaad Zuid")}
    )
    assert (answer.status_code, "te groot" in page_text(answer)) == (422, True)


def test_nobody_begins_more_imports_than_ten(client: Client, region: Region, user: User) -> None:
    for _number in range(MAX_OPEN_IMPORTS):
        begun(region, user, b"Naam")
    answer = client.post(address("imports", region), {"key": str(uuid4()), "pasted": "Naam"})
    assert (answer.status_code, MapImport.objects.count()) == (422, MAX_OPEN_IMPORTS)
    client.post(address("discard", region, MapImport.objects.earliest("pk")))
    assert MapImport.objects.count() == MAX_OPEN_IMPORTS - 1


def test_a_colleague_sees_what_is_on_the_map_and_not_what_is_being_prepared(
    client: Client, region: Region, user: User
) -> None:
    colleague = mapper_of(region)
    open_one = checked(region, colleague, text_file([["Naam"], ["Raad"]]), title="voorbereid.csv")
    done = taken(region, colleague, text_file([["Naam"], ["Café"]]), title="gedaan.csv")
    page = page_text(client.get(address("imports", region)))
    assert ("voorbereid.csv" in page, "gedaan.csv" in page) == (False, True)
    assert client.get(address("import", region, open_one)).status_code == 404
    assert client.get(address("import", region, done)).status_code == 200
    assert client.post(address("discard", region, open_one)).status_code == 404
    client.post(address("discard", region, done))
    assert MapImport.objects.count() == 2


def test_an_import_is_forgotten_a_month_after_somebody_worked_on_it(region: Region, user: User) -> None:
    done = taken(region, user, text_file([["Naam"], ["Café"]]))
    begun(region, user, b"Naam", at=AT + timedelta(seconds=1))
    with at_moment(AT + timedelta(days=30, minutes=-1)):
        forget_task()
    assert MapImport.objects.count() == 2
    with at_moment(AT + timedelta(days=30, minutes=1)):
        forget_task()
    assert (MapImport.objects.filter(pk=done.pk).exists(), names(region)) == (False, ["Café"])


def test_what_the_region_keeps_of_a_twin_is_compared_too(client: Client, region: Region, user: User) -> None:
    """The talk, its next date and the notes are of the region, and not of the organisation."""
    add_to_map(
        facts=OrganisationFacts("Raad Zuid"),
        more=MapFacts(talk="talked", next_on=date(2024, 5, 1), notes="Belde."),
        region=region,
        actor=user,
        at=AT,
    )
    rows = [["Naam", "Gesprek", "Volgende datum", "Notities"]]
    rows += [["Raad Zuid", "gesproken", "01-05-2024", each] for each in ("Belde.", "Mailde.")]
    text = page_text(
        client.get(address("import", region, checked(region, user, text_file(rows))), {"rijen": "alle"})
    )
    assert "staat nog niet op de kaart" not in text
    assert "Notities: Mailde. · op de kaart: Belde." in text
    assert "en vervang wat op de kaart anders staat" in text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_the_same_queries_however_many_rows(
    client: Client, region: Region, user: User, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        organisation_in(region, name=f"Raad nummer {number}", kvk_number="")
    made = checked(
        region,
        user,
        text_file([["Naam", "Rol"], *([f"Raad nummer {each}", "leefwereld"] for each in range(rows))]),
    )
    with django_assert_num_queries(16):
        client.get(address("import", region, made))
    with django_assert_num_queries(6):
        client.get(address("imports", region))


# --------------------------------------------------------------------------------------------- the way back

HOSTILE = [
    "=1+1",
    "@cmd",
    "+31 6 12345678",
    "-",
    "'=x",
    'Raad; Zuid, "Noord"',
    "'s-Gravenhage",
    "Łukasz",
]


def full_map(region: Region, user: User) -> None:
    kind = OrganisationKind.objects.create(code="raad", name="Raad", name_in_english="Council", position=1)
    reaches = frozenset(Municipality.objects.filter(region=region))
    for number, name in enumerate(HOSTILE):
        facts = OrganisationFacts(
            f"{name} {number}" if name == "-" else name, kvk_number=f"0000000{number}" if number < 5 else "", kind=kind,
            streams=["patients", "residents"], role="life", reach="municipalities", domains=["care", "youth"],
            website="https://raad.example/?a=1;b=2", neighbourhood=name, public_contact="+31 10 1234567",
            other_names=f"={number}, R{number}",
        )  # fmt: skip
        more = MapFacts(reaches, "to_call", AT.date(), f'=1+1\n\n  Belt {number};\t"terug"\n@later')
        add_to_map(facts=facts, region=region, more=more, actor=user, at=AT)
    for _twice in range(2):
        add_to_map(facts=OrganisationFacts("Cliëntenraad"), region=region, actor=user, at=AT)


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("name", ["export_text", "export_workbook"])
def test_an_export_that_is_imported_again_changes_nothing(
    client: Client, region: Region, user: User, name: str, language: str
) -> None:
    full_map(region, user)
    answer = client.get(language + address(name, region).removeprefix("/en"))
    assert answer.status_code == 200
    made = checked(region, user, answer.content)
    assert made.state == ImportState.DECIDING
    assert set(made.rows.values_list("fate", flat=True)) == {Fate.HEADING, Fate.SAME}
    assert made.rows.count() == len(HOSTILE) + 3


def test_no_cell_of_an_export_is_a_formula(client: Client, region: Region, user: User) -> None:
    """Rule 24."""
    full_map(region, user)
    answer = client.get(address("export_text", region))
    assert answer["Content-Disposition"] == f'attachment; filename="organisaties-{region.slug}.csv"'
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}] == []
    assert [
        cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row if cell[:1] in {"=", "@"}
    ] == []


def test_an_export_has_the_rows_that_the_grid_shows_in_its_order(
    client: Client, region: Region, user: User
) -> None:
    for name, role in (("Raad Zuid", "life"), ("Café", "life"), ("Wijkraad", "system")):
        add_to_map(facts=OrganisationFacts(name, role=role), region=region, actor=user, at=AT)
    organisation_in(RegionFactory.create(), name="Raad Elders")
    answer = client.get(address("export_text", region), {"rol": "life", "zoek": "a", "volgorde": "-naam"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [row[0] for row in rows] == ["Naam", "Raad Zuid", "Café"]
    grid = client.get(reverse("mapping:workspace", args=[region.slug]), {"rol": "life"}).content.decode()
    assert f"{address('export_text', region)}?rol=life" in grid


@pytest.mark.parametrize("name", ["export_text", "export_workbook"])
def test_one_map_is_written_out_at_a_time(
    client: Client, region: Region, user: User, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A map of thousands of rows, asked six times at once, would stop everybody."""
    organisation_in(region, name="Raad Zuid")
    monkeypatch.setattr(bounded, "MAX_WAIT_SECONDS", 0)
    with bounded.one_map_at_a_time():
        busy = client.get(address(name, region), follow=True)
    assert busy.redirect_chain == [(reverse("mapping:workspace", args=[region.slug]), 302)]
    said = {
        "export_text": "Probeer het over een minuut opnieuw",
        "export_workbook": "te druk om een spreadsheet te maken",
    }
    assert said[name] in page_text(busy)
    assert client.get(address(name, region))["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("rows", [1, 3])
def test_an_export_takes_the_same_queries_however_many_rows(
    client: Client, region: Region, user: User, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        organisation_in(region, name=f"Raad nummer {number}")
    with django_assert_num_queries(10):
        client.get(address("export_text", region))


# ---------------------------------------------------------------------------------------------- the command


def run(path: Any, region: Region, user: User, *more: str) -> str:
    out = io.StringIO()
    call_command(
        "import_organisations", str(path), "--region", region.slug, "--as", user.email, *more, stdout=out
    )
    return out.getvalue()


def test_the_command_reports_tries_and_takes(tmp_path: Any, region: Region, user: User) -> None:
    path = tmp_path / "kaart.csv"
    path.write_bytes(text_file([["Naam", "KvK"], ["Raad", "12345678"], ["Café", ""]]))
    assert "Nothing changed on the map." in run(path, region, user, "--dry-run")
    assert (names(region), MapImport.objects.count()) == ([], 0)
    assert "All of it is on the map." in run(path, region, user)
    assert names(region) == ["Café", "Raad"]
    assert "staat al zo op de kaart: 2" in run(path, region, user)


def test_the_command_takes_nothing_while_a_row_waits(tmp_path: Any, region: Region, user: User) -> None:
    path = tmp_path / "kaart.csv"
    path.write_bytes(text_file([["Naam", "KvK"], ["Raad", "12345678"], ["Café", "1"]]))
    with pytest.raises(CommandError, match=r"nog rijen die op een keuze wachten.*Nothing changed"):
        run(path, region, user)
    path.write_bytes(b"PK kapot")
    with pytest.raises(CommandError, match="beschadigd"):
        run(path, region, user)
    with pytest.raises(CommandError, match="niet aan u toegewezen"):
        run(path, region, mapper_of())
    with pytest.raises(CommandError, match="no such region"):
        call_command("import_organisations", str(path), "--region", "x", "--as", user.email)
    with pytest.raises(CommandError, match="no file"):
        run(tmp_path / "weg.csv", region, user)
    assert (names(region), MapImport.objects.count()) == ([], 0)


def test_a_file_in_which_no_column_is_known_as_the_name_says_what_to_choose_first(
    client: Client, region: Region, user: User
) -> None:
    made = checked(region, user, b"Wie;Website;Gemeente\nKring;kring.example;Middelstad\n")
    page = page_text(client.get(address("import", region, made)))
    assert "Kies de kolom met de namen van de organisaties." in page


def test_columns_that_do_not_go_on_the_map_are_named_before_anything_does(
    client: Client, region: Region, user: User
) -> None:
    """Rule 32: what is left out is said, not found out later."""
    rows = "Naam\tStroming\tE-mail\t\tLeeg\nBewonerskring\tburgerparticipatie\tinfo@kring.example\tlos\t\n"
    answer = client.post(address("imports", region), {"key": str(uuid4()), "pasted": rows})
    text = page_text(client.get(answer.url))
    assert "Deze kolommen komen niet op de kaart: E-mail , Kolom 4 , Leeg ." in text
    assert MapImport.objects.get().columns == ["name", "streams", "", "", ""]
    whole = "Naam\tRol\nBewonersraad\tleefwereld\n"
    answer = client.post(address("imports", region), {"key": str(uuid4()), "pasted": whole})
    assert "Deze kolommen" not in page_text(client.get(answer.url))
