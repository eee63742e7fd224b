"""Files of pictures: the same facts as the page, nothing that a spreadsheet runs, and nothing of the machine (rule 24)."""

import io
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from hubportal.accounts.models import User
from hubportal.documents.domain import bounded
from hubportal.documents.domain.bounded import TooCostly
from mapping.domain.publishing import publish_organisation, withdraw_publication
from mapping.domain.ties import tie_organisations
from mapping.enums import TieKind
from pictures.enums import FileFormat, PictureKind
from pictures.views import answers
from regions.models import Region
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.mapping.grids import mapped
from tests.pictures.pictured import NETWORK, SPOTS, mapper_of, page_of, table_rows
from tests.pictures.test_questions import asked_in

pytestmark = pytest.mark.django_db
FORMULA = "=cmd|' /C calc'!A0"


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden", slug="het-midden")
    MunicipalityFactory.create(region=region, name="Aastad", code="GM9900", sort_name="aastad")
    return region


@pytest.fixture
def mapper(client: Client, region: Region) -> User:
    user = mapper_of(region)
    log_in(client, user)
    one, other = mapped(FORMULA, region, user), mapped("Twee & <drie>", region, user, streams=["councils"])
    tie_organisations(
        one_id=one.pk, other_id=other.pk, kind=TieKind.ADVISES, region=region, actor=user, at=AT
    )
    asked_in(region, user, FORMULA, {one: ["inform"]})
    return user


def file_of(client: Client, region: Region, kind: str, form: str) -> HttpResponse:
    return client.get(reverse("pictures:file", args=[region.slug, kind, form]))


@pytest.mark.parametrize("kind", PictureKind)
def test_drawing_is_xml_without_links_scripts_or_files(
    client: Client, region: Region, mapper: User, kind: PictureKind
) -> None:
    answer = file_of(client, region, kind, "svg")
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="{kind}-het-midden.svg"'
    root = ET.fromstring(answer.content)
    tags = {each.tag.rpartition("}")[2] for each in root.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "g", "text", "path", "polygon", "circle"}
    assert root.attrib["role"] == "img"
    names = {name for each in root.iter() for name in each.attrib}
    assert not [name for name in names if "href" in name or name.startswith("on") or name == "style"]


@pytest.mark.parametrize("kind", PictureKind)
def test_picture_of_dots_is_made_apart_and_shows_letters(
    client: Client, region: Region, mapper: User, kind: PictureKind
) -> None:
    answer = file_of(client, region, kind, "png")
    assert answer["Content-Type"] == "image/png"
    with Image.open(io.BytesIO(answer.content)) as image:
        colours = {colour for _number, colour in image.convert("RGB").getcolors(1_000_000)}
        assert image.width > 600
    assert {(255, 255, 255), (0x16, 0x26, 0x2C)} <= colours


def test_cells_of_spreadsheets_are_no_formulas(client: Client, region: Region, mapper: User) -> None:
    text = file_of(client, region, NETWORK, "csv").content.decode("utf-8-sig")
    assert text == f'"Organisatie";"Band";"Met"\r\n"\'{FORMULA}";"adviseert";"Twee & <drie>"\r\n'
    book = file_of(client, region, NETWORK, "xlsx")
    with zipfile.ZipFile(io.BytesIO(book.content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        words = (
            archive.read("xl/sharedStrings.xml").decode()
            if "xl/sharedStrings.xml" in archive.namelist()
            else sheet
        )
    assert "<f>" not in sheet
    assert "Twee &amp; &lt;drie&gt;" in words


@pytest.mark.parametrize("kind", PictureKind)
def test_spreadsheet_has_the_rows_of_the_page(
    client: Client, region: Region, mapper: User, kind: PictureKind
) -> None:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(file_of(client, region, kind, "xlsx").content)
    )
    rows = book.get_sheet_by_index(0).to_python()
    shown = [
        [cell.replace(FORMULA, f"'{FORMULA}") for cell in row]
        for row in table_rows(page_of(client, region, kind))
    ]
    assert rows == shown


@pytest.mark.parametrize("form", ["png", "xlsx"])
def test_who_comes_while_it_is_too_busy_is_told(
    client: Client, region: Region, mapper: User, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    def costly(*_made: Any, **_slots: str) -> bytes:
        raise TooCostly

    monkeypatch.setattr(answers, "as_png", costly)
    monkeypatch.setattr(answers, "as_workbook", costly)
    answer = client.get(reverse("pictures:file", args=[region.slug, SPOTS, form]), follow=True)
    assert "Het portaal heeft het te druk om dit bestand te maken." in answer.content.decode()
    public = client.get(reverse("pictures:embed_file", args=[region.slug, SPOTS, form]))
    assert (public.status_code, public["Retry-After"]) == (503, "60")


def test_unknown_pictures_and_formats_are_not_found(client: Client, region: Region, mapper: User) -> None:
    for kind, form in (("onbekend", "svg"), (SPOTS, "exe")):
        assert file_of(client, region, kind, form).status_code == 404
        assert client.get(reverse("pictures:embed_file", args=[region.slug, kind, form])).status_code == 404
    assert client.get(reverse("pictures:picture", args=[region.slug, "onbekend"])).status_code == 404
    assert client.get(reverse("pictures:embed", args=["onbekend", SPOTS])).status_code == 404
    assert set(FileFormat.values) == {"svg", "png", "csv", "xlsx"}


def test_strangers_who_have_files_made_leave_a_slot_to_those_with_an_account(
    client: Client, region: Region, mapper: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bounded, "_folder", lambda: tmp_path)
    monkeypatch.setattr(bounded, "MAX_WAIT_SECONDS", 0)
    held = bounded._free_slot(bounded.SLOTS["public"])
    assert held is not None
    with held:
        for form in ("png", "xlsx"):
            public = Client().get(reverse("pictures:embed_file", args=[region.slug, SPOTS, form]))
            assert public.status_code == 503
            assert file_of(client, region, SPOTS, form).status_code == 200


@pytest.mark.parametrize("form", ["png", "xlsx"])
def test_what_strangers_ask_for_all_day_is_made_once_and_anew_as_soon_as_it_tells_something_else(
    client: Client, region: Region, mapper: User, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """Rule 26: who asks again and again would else keep letters from being verified."""
    made: list[str] = []
    name = {"png": "as_png", "xlsx": "as_workbook"}[form]
    make = getattr(answers, name)

    def counted(*told: Any, slots: str) -> bytes:
        made.append(slots)
        return bytes(make(*told, slots=slots))

    monkeypatch.setattr(answers, name, counted)
    first = mapped(
        "Eerste raad", region, mapper, municipality=region.municipalities.get(), streams=["councils"]
    )
    address = reverse("pictures:embed_file", args=[region.slug, SPOTS, form])
    nothing = [Client().get(address).content for _reader in range(3)]
    publish_organisation(organisation_id=first.pk, actor=mapper, at=AT)
    something = [Client().get(address).content for _reader in range(3)]
    withdraw_publication(organisation_id=first.pk, actor=mapper, at=AT)
    assert Client().get(address).content == nothing[0]
    assert (len(set(nothing)), len(set(something)), nothing[0] == something[0]) == (1, 1, False)
    assert made == ["public", "public"]
    # What only kwartiermakers may know is kept nowhere.
    file_of(client, region, SPOTS, form)
    file_of(client, region, SPOTS, form)
    assert made == ["public", "public", "table", "table"]
