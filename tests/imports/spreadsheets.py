"""Spreadsheets, imports and their people for tests."""

import json
import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from uuid import uuid4

from django.urls import reverse

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from imports.domain.importing import begin_import
from imports.domain.judging import check_rows
from imports.domain.reading import read_file
from imports.domain.taking import take_import
from imports.domain.workbooks import write
from imports.forms.rows import RowReader
from imports.models import MapImport
from regions.models import Region
from tests.factories.accounts import person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.regions import MunicipalityFactory, RegionFactory


def address(name: str, region: Region, made: MapImport | None = None) -> str:
    """Return the address of a page of imports."""
    return reverse(f"imports:{name}", args=[region.slug, *([made.key] if made else [])])


def a_region(name: str = "Het Midden") -> Region:
    """Make a region with two municipalities."""
    region: Region = RegionFactory.create(name=name)
    for code, called in (("GM9901", "Middelstad"), ("GM9902", "Ergens aan Zee")):
        MunicipalityFactory.create(region=region, name=called, code=code, sort_name=called.lower())
    return region


def mapper_of(*regions: Region) -> User:
    """Make a kwartiermaker of some regions."""
    user = person(Role.KWARTIERMAKER)
    for region in regions:
        KwartiermakerAssignmentFactory.create(user=user, region=region)
    return user


def text_file(rows: Sequence[Sequence[str]], separator: str = ";", encoding: str = "utf-8") -> bytes:
    """Return rows as CSV."""
    lines = [separator.join(f'"{cell}"' if separator in cell else cell for cell in row) for row in rows]
    return "\r\n".join(lines).encode(encoding)


def workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """Return rows as XLSX."""
    return write({"sheet": "Blad1", "headings": list(rows[0]), "rows": [list(each) for each in rows[1:]]})


def archive(entries: dict[str, bytes]) -> bytes:
    """Return a zip with these entries."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in entries.items():
            opened.writestr(name, content)
    return made.getvalue()


def begun(
    region: Region, user: User, content: bytes, *, title: str = "kaart.csv", at: datetime = AT
) -> MapImport:
    """Begin an import of a file, as the page does."""
    return begin_import(key=uuid4(), region=region, title=title, content=content, actor=user, at=at)


def checked(
    region: Region, user: User, content: bytes, *, title: str = "kaart.csv", at: datetime = AT
) -> MapImport:
    """Begin an import, and let the jobs read and check it."""
    made, read = begun(region, user, content, title=title, at=at), RowReader()
    read_file(import_id=made.pk, words=read.words, at=at)
    while check_rows(import_id=made.pk, read=read, at=at):
        pass
    made.refresh_from_db()
    return made


def taken(
    region: Region, user: User, content: bytes, *, title: str = "kaart.csv", at: datetime = AT
) -> MapImport:
    """Import a file of which every row is clear."""
    made = checked(region, user, content, title=title, at=at)
    return take_import(import_id=made.pk, read=RowReader(), actor=user, at=at)


def fates(map_import: MapImport) -> list[tuple[int, str]]:
    """Return what each row of an import is, by number."""
    return list(map_import.rows.order_by("number").values_list("number", "fate"))


def as_input(table: object) -> bytes:
    """Return what the program that writes spreadsheets reads."""
    return json.dumps(table).encode()
