"""Files are read in every encoding and with every separator, and one that cannot be read says why."""

import io
import struct
import zipfile
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from hubportal.documents.domain import bounded
from imports.domain import tables
from imports.domain.importing import begin_import
from imports.domain.tables import (
    UnreadableTable,
    harmless,
    plain,
    read_pasted,
    read_text,
    separator_of,
    text_of,
)
from imports.domain.workbooks import write
from imports.enums import Failure, Fate, ImportState
from imports.models import MapImport
from imports.tasks import check_rows_task, read_files_task
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.regions import RegionFactory
from tests.imports.spreadsheets import (
    a_region,
    archive,
    begun,
    checked,
    fates,
    mapper_of,
    text_file,
    workbook,
)

ROWS = [
    ["Naam", "Gemeente", "Notities"],
    ["Patiëntenraad Zuid", "Middelstad", "Belt terug; volgende week, vroeg"],
    ["Café ’t Hoekje", "Ergens aan Zee", "€ 10"],
]
TYPES = [("[Content_Types].xml", b"<Types/>")]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_encoding_is_read_with_every_separator(separator: str, encoding: str) -> None:
    found = read_text(text_file(ROWS, separator, encoding))
    assert found.rows == [(number, row) for number, row in enumerate(ROWS, start=1)]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_separator_that_the_file_names_itself_is_no_row(separator: str) -> None:
    found = read_text(b"sep=" + separator.encode() + b"\r\n" + text_file(ROWS, separator))
    assert [number for number, _row in found.rows] == [2, 3, 4]


def test_cells_that_are_pasted_hold_line_ends_and_quotes() -> None:
    found = read_pasted('Naam\tNotities\nRaad\t"Eerste\nTweede ""regel"""\n\n')
    assert found.rows == [(1, ["Naam", "Notities"]), (2, ["Raad", 'Eerste\nTweede "regel"'])]


def test_one_column_has_no_separator() -> None:
    assert read_text(b"Naam\nRaad, Zuid\nRaad Noord").rows[0] == (1, ["Naam"])
    assert separator_of("Naam\nRaad Zuid\n") == ";"
    assert text_of(b"Caf\xe9 \x81")[1] == "windows-1252"


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+31 6 12345678",
        "-",
        "@raad",
        "'=1+1",
        "''@x",
        "\t=1",
        "a\n=1\n'@x\n\n",
        "'s-Gravenhage",
        "'t Hoekje",
        "gewoon",
        "",
    ],
)
def test_what_is_put_before_a_formula_comes_off_again(cell: str) -> None:
    assert plain(harmless(cell)) == cell
    assert harmless(cell)[:1] not in {"=", "+", "-", "@", "\t"}


def test_a_spreadsheet_is_read_with_its_numbers_and_days() -> None:
    region = a_region()
    made = checked(region, mapper_of(region), workbook(ROWS), title="kaart.xlsx")
    assert (made.state, made.read_as, made.columns) == (
        "deciding",
        "xlsx, Blad1",
        ["name", "reaches", "notes"],
    )
    assert fates(made) == [(1, Fate.HEADING), (2, Fate.NEW), (3, Fate.NEW)]
    assert [each.cells for each in made.rows.order_by("number")] == ROWS
    assert bytes(made.content) == b""


def _declared(data: bytes, size: int) -> bytes:
    """Return a zip whose only entry says that it is of another size than it is."""
    changed = bytearray(data)
    place = changed.index(b"PK\x01\x02")
    changed[place + 24 : place + 28] = struct.pack("<I", size)
    return bytes(changed)


def bomb(size: int) -> bytes:
    """Return a spreadsheet of which one part unpacks to so many bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in TYPES:
            opened.writestr(name, content)
        with opened.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _piece in range(size // 2**20):
                part.write(bytes(2**20))
    return made.getvalue()


def stretched(letters: int, *, rows: int = 1) -> bytes:
    """Return a spreadsheet of so many rows with one cell of so many letters each, which is packed small."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([["Naam"], *[["Raad"]] * rows]))) as good,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened,
    ):
        for entry in good.infolist():
            opened.writestr(entry.filename, good.read(entry).replace(b"Raad", b"A" * letters))
    return made.getvalue()


def far_away() -> bytes:
    """Return a spreadsheet that holds next to nothing, in the first and the last cell that a sheet can have."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(ROWS))) as good,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened,
    ):
        for entry in good.infolist():
            content = good.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                cells = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="BD1048576"><v>1</v></c></row>'
                head, _tag, rest = content.partition(b"<sheetData>")
                content = head + b"<sheetData>" + cells + b"</sheetData>" + rest.partition(b"</sheetData>")[2]
            opened.writestr(entry.filename, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "failure"),
    [
        (lambda: b"", Failure.EMPTY),
        (lambda: b"\r\n ; \r\n", Failure.EMPTY),
        (lambda: b"MZ\0\0\0", Failure.DAMAGED),
        (lambda: b"%PDF-1.7\nNaam;Rol", Failure.DAMAGED),
        (lambda: b"PK\x03\x04 kapot", Failure.DAMAGED),
        (lambda: workbook(ROWS)[:-200], Failure.DAMAGED),
        (lambda: archive({"word/document.xml": b"<x/>"}), Failure.DAMAGED),
        (lambda: archive({"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}), Failure.DAMAGED),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), Failure.ENCRYPTED),
        (lambda: bomb(260 * 2**20), Failure.COSTLY),
        (lambda: _declared(archive({"xl/workbook.xml": bytes(2**20)}), 10), Failure.DAMAGED),
        (lambda: archive({f"{number}.xml": b"<x/>" for number in range(1001)}), Failure.COSTLY),
        (far_away, Failure.COSTLY),
        (lambda: stretched(32_768), Failure.COSTLY),
        (lambda: stretched(32_767, rows=321), Failure.COSTLY),
        (lambda: text_file([["x"] * 61]), Failure.TOO_WIDE),
        (lambda: workbook([["x"] * 61]), Failure.TOO_WIDE),
        (lambda: b"Naam\n" + b"Raad\n" * 10_011, Failure.TOO_LONG),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_leaves_no_row(content, failure: Failure) -> None:
    """Rule 24."""
    region = a_region()
    made = checked(region, mapper_of(region), content())
    assert (made.state, made.failure, made.rows.count()) == (ImportState.FAILED, failure, 0)
    assert bytes(made.content) == b""


def test_cells_as_long_as_a_spreadsheet_can_have_are_read() -> None:
    region = a_region()
    made = checked(region, mapper_of(region), stretched(32_767, rows=2), title="kaart.xlsx")
    assert (made.state, made.rows.count()) == (ImportState.DECIDING, 3)


def test_the_name_of_a_sheet_is_shown_as_a_reader_sees_it() -> None:
    """Rule 33."""
    region = a_region()
    named = write({"sheet": "Bl\u202ead\u200b", "headings": ["Naam"], "rows": [["Raad"]]})
    made = checked(region, mapper_of(region), named, title="kaart.xlsx")
    assert made.read_as == "xlsx, Blad"


def test_jobs_read_and_check_what_waits_and_a_second_run_changes_nothing() -> None:
    region = a_region()
    made = begun(region, mapper_of(region), text_file(ROWS))
    read_files_task()
    first = MapImport.objects.values().get(pk=made.pk)
    assert first["state"] == ImportState.DECIDING
    read_files_task()
    check_rows_task()
    assert MapImport.objects.values().get(pk=made.pk) == first


def test_a_file_waits_while_others_are_read(monkeypatch) -> None:
    region = a_region()
    made = begun(region, mapper_of(region), workbook(ROWS))
    monkeypatch.setattr(bounded, "_free_slot", lambda _numbers: None)
    monkeypatch.setattr(bounded, "MAX_WAIT_SECONDS", 0)
    read_files_task()
    made.refresh_from_db()
    assert made.state == ImportState.READING


def test_headings_far_down_a_file_are_found_and_stay_chosen(client: Client) -> None:
    """Empty lines count: spreadsheets number their rows so."""
    region = a_region()
    mapper = mapper_of(region)
    found = checked(region, mapper, b"\n" * 30_000 + text_file(ROWS))
    assert (found.state, found.heading_number) == (ImportState.DECIDING, 30_001)
    log_in(client, mapper)
    page = client.get(reverse("imports:import", args=[region.slug, found.key]))
    assert '<option value="30001" selected>' in page.content.decode()


def test_headings_below_more_empty_lines_than_can_be_numbered_are_said_to_be_too_far() -> None:
    region = a_region()
    found = checked(region, mapper_of(region), b"\n" * 40_000 + text_file(ROWS))
    assert (found.state, found.failure) == (ImportState.FAILED, Failure.TOO_LONG)


def test_a_row_of_headings_that_no_file_has_is_no_error_of_ours(client: Client) -> None:
    region = a_region()
    mapper = mapper_of(region)
    found = checked(region, mapper, text_file(ROWS))
    log_in(client, mapper)
    typed = {"heading": "999999999", "kolom-0": "name", "seen_version": found.version}
    assert client.post(reverse("imports:columns", args=[region.slug, found.key]), typed).status_code == 302
    assert set(found.rows.values_list("fate", flat=True)) == {Fate.HEADING}


def test_a_line_of_separators_alone_is_too_wide_before_its_cells_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at: list[str] = []

    def visible(cell: str) -> str:
        looked_at.append(cell)
        return cell

    monkeypatch.setattr(tables, "visible", visible)
    with pytest.raises(UnreadableTable) as refused:
        read_text(b"Naam\n" + b";" * 20_000)
    assert refused.value.failure == Failure.TOO_WIDE
    assert len(looked_at) < 10


def test_a_key_that_a_page_of_another_region_chose_is_no_second_click() -> None:
    one, other = a_region("Het Midden"), RegionFactory.create()
    user, key = mapper_of(one, other), uuid4()
    begun_there = [
        begin_import(key=key, region=each, title="", content=b"Naam", actor=user, at=AT)
        for each in (one, other, one)
    ]
    assert [each.region for each in begun_there] == [one, other, one]
    assert MapImport.objects.count() == 2
