"""Reading pictures: what a drawing says, and what the table beside it says."""

from typing import Any

from django.test import Client
from django.urls import reverse

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from pictures.enums import PictureKind
from regions.models import Region
from tests.factories.accounts import person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.looks.markup import Page, read

SPOTS, QUESTIONS, NETWORK = PictureKind


def mapper_of(region: Region) -> User:
    user = person(Role.KWARTIERMAKER)
    KwartiermakerAssignmentFactory.create(user=user, region=region)
    return user


def page_of(client: Client, region: Region, kind: str, asked: dict[str, Any] | None = None) -> Page:
    answer = client.get(reverse("pictures:picture", args=[region.slug, kind]), asked or {})
    assert answer.status_code == 200
    return read(answer.content.decode())


def embed_of(client: Client, region: Region, kind: str) -> Page:
    answer = client.get(reverse("pictures:embed", args=[region.slug, kind]))
    assert answer.status_code == 200
    return read(answer.content.decode())


def drawn_cells(page: Page) -> list[tuple[str, str, str]]:
    """Return of each cell of the drawing what is seen, heard, and where it leads."""
    cells = [
        each for each in page.elements if "hub-picture__cell" in each.attributes.get("class", "").split()
    ]
    seen = {id(each.parent): each.words for each in page.all("text", class_name="hub-picture__number")}
    return [
        (seen[id(each)], each.attributes["aria-label"], each.attributes.get("href", "")) for each in cells
    ]


def table_cells(page: Page) -> list[tuple[str, str, str]]:
    """Return the same of each cell of the table."""
    found = []
    for cell in (each for each in page.all("td") if each.inside("section")):
        inner = [each for each in page.elements if _is_in(each, cell)]
        (seen,) = [each.words for each in inner if each.attributes.get("aria-hidden") == "true"]
        (heard,) = [each.words for each in inner if each.attributes.get("class") == "hub-visually-hidden"]
        links = [each.attributes["href"] for each in inner if each.tag == "a"]
        found.append((seen, heard, links[0] if links else ""))
    return found


def _is_in(element: Any, around: Any) -> bool:
    while element is not None and element is not around:
        element = element.parent
    return element is around


def table_rows(page: Page) -> list[list[str]]:
    """Return the rows of the table as they are seen, with their headings."""
    rows = []
    for row in page.all("tr"):
        cells = [each for each in page.elements if each.parent is row and each.tag in {"th", "td"}]
        rows.append([_seen(page, each) for each in cells])
    return rows


def _seen(page: Page, cell: Any) -> str:
    hidden = [each for each in page.elements if _is_in(each, cell) and each.attributes.get("aria-hidden")]
    return hidden[0].words if hidden else cell.words
