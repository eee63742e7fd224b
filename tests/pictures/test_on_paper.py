"""On paper: grid, matrix and pictures whole on A4, without what only a screen can do."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from hubportal.accounts.models import User
from mapping.domain.ties import tie_organisations
from mapping.enums import TieKind
from organisations.models import Organisation
from pictures.enums import PictureKind
from regions.models import Region
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.mapping.grids import mapped
from tests.pictures.pictured import mapper_of
from tests.pictures.test_questions import asked_in
from tests.showing import KINDS, showing

pytestmark = pytest.mark.django_db

# What fits between margins of 12 mm, in the pixels of a style sheet.
UPRIGHT, ON_ITS_SIDE = {"width": 703, "height": 1032}, {"width": 1032, "height": 703}
LONG = "Stichting Belangenbehartiging Medezeggenschap Midden-Nederland en omstreken"
_SEEN = "(all) => all.filter(each => each.checkVisibility() && each.offsetHeight).map(each => each.outerHTML.slice(0, 100))"
# Of what scrolls on a screen, and of cells: which hide a part of themselves.
_CUT = """(all) => all.filter(each => each.checkVisibility() && (
  each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1
  || each.getBoundingClientRect().right > innerWidth
)).map(each => each.outerHTML.slice(0, 100))"""


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    for number in range(30):
        MunicipalityFactory.create(region=region, name=f"Plaats {number}", code=f"GM99{number:02}")
    return region


@pytest.fixture
def mapper(client: Client, region: Region) -> User:
    user = mapper_of(region)
    log_in(client, user)
    return user


@pytest.fixture
def organisations(region: Region, mapper: User) -> list[Organisation]:
    """Return two with long names, addresses and notes, and a tie; one of them takes part in a question."""
    towns = list(region.municipalities.order_by("pk")[:3])
    found = [
        mapped(
            f"{LONG} {number}",
            region,
            mapper,
            notes="Een lange notitie over het gesprek. " * 3,
            streams=["patients", "councils"],
            reaches=towns,
            website=f"https://www.een-lang-adres-{number}.example/over-ons/wie-wij-zijn",
            public_contact=f"secretariaat@een-heel-lang-adres-{number}.example",
        )
        for number in range(12)
    ]
    one, other = found[:2]
    tie_organisations(
        one_id=one.pk, other_id=other.pk, kind=TieKind.ADVISES, region=region, actor=mapper, at=AT
    )
    asked_in(region, mapper, f"Wat vindt {LONG}?", {one: ["inform", "advise"]})
    return found


def on_paper(client: Client, visit: Callable[..., Page], address: str, size: dict[str, int]) -> Page:
    page = visit(viewport=size)
    page.emulate_media(media="print")
    page_of_client = {address: client.get(address).content.decode()}
    showing(page, page_of_client, kinds=(*KINDS, ".woff2"))(address)
    page.evaluate("document.fonts.ready.then(() => true)")
    return page


def assert_is_paper(page: Page) -> None:
    assert page.locator("nav, button, .utrecht-button, input, select, [hidden]").evaluate_all(_SEEN) == []
    boxes = ".hub-map-grid, .hub-picture__table, .hub-picture__box-of-drawing, main :is(table, th, td, svg)"
    assert page.locator(boxes).evaluate_all(_CUT) == []


@pytest.mark.usefixtures("organisations")
@pytest.mark.parametrize("name", ["mapping:workspace", "mapping:matrix"])
def test_grid_and_matrix_are_whole_on_paper_that_lies_on_its_side(
    client: Client, visit: Callable[..., Page], region: Region, name: str
) -> None:
    page = on_paper(client, visit, reverse(name, args=[region.slug]), ON_ITS_SIDE)
    assert_is_paper(page)
    assert page.evaluate("getComputedStyle(document.body).page") == "wide"
    # A foot of a table would be printed on each page, as if it were the total of that page.
    shown = "(all) => all.map(each => getComputedStyle(each).display)"
    assert set(page.locator("tfoot").evaluate_all(shown)) <= {"table-row-group"}


@pytest.mark.usefixtures("organisations")
@pytest.mark.parametrize("kind", PictureKind)
def test_pictures_are_whole_on_paper(
    client: Client, visit: Callable[..., Page], region: Region, kind: PictureKind
) -> None:
    page = on_paper(client, visit, reverse("pictures:picture", args=[region.slug, kind]), UPRIGHT)
    assert_is_paper(page)
    drawing = page.locator(".hub-picture__drawing").bounding_box()
    assert drawing is not None
    # On the first page: its heading does not stand there alone.
    assert drawing["y"] + drawing["height"] <= UPRIGHT["height"]


@pytest.mark.usefixtures("organisations")
def test_what_the_list_was_filtered_by_stands_on_paper(
    client: Client, visit: Callable[..., Page], region: Region
) -> None:
    address = reverse("mapping:workspace", args=[region.slug])
    page = on_paper(client, visit, f"{address}?zoek=Midden&stroom=patients", ON_ITS_SIDE)
    assert page.get_by_role("searchbox").input_value() == "Midden"
    facets = page.locator(".hub-facet > summary").evaluate_all(
        "(all) => all.filter(each => each.checkVisibility()).map(each => each.innerText.trim())"
    )
    assert facets == ["Stroom: patiënten- en cliëntenparticipatie"]
