"""A spreadsheet on the map: pasted on the grid, decided by keys, taken in three steps, and narrow screens."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from hubportal.accounts.models import User
from mapping.domain.organisations import add_to_map
from organisations.domain.organisations import OrganisationFacts
from organisations.queries import organisations_in
from regions.models import Region
from tests.browser import NARROW, WIDE, assert_axe_clean, assert_fits
from tests.factories.moments import AT
from tests.journeys.test_grid import Keyboard, mapper, open_grid
from tests.journeys.walking import arrive

pytestmark = pytest.mark.usefixtures("reference_data", "first_round", "second_factor")

# What was pasted, what is put on the map, and how that went; each page is gone through by keyboard alone.
LOADS_OF_A_PASTE, KEYS_OF_A_PASTE = 3, 16
_NAME_OF_FOCUS = "document.activeElement.matches('a, button') ? document.activeElement.textContent : ''"
_PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const cell = document.querySelector("[data-grid] tbody tr:not([hidden]) td");
  cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def paste_text(page: Page, text: str) -> None:
    """Paste what somebody copied on the grid."""
    page.evaluate(_PASTE, text)


def paste(page: Page, region: Region, rows: int) -> None:
    place = region.municipalities.order_by("code")[0].name
    lines = [f"Kring {each} te {place}\t{place}\tleefwereld" for each in range(rows)]
    paste_text(page, "Naam\tGemeente\tRol\n" + "\n".join(lines))


def begun(server: LiveServer, page: Page, rows: int, loads: list[str] | None = None) -> tuple[Region, User]:
    region = Region.objects.get(name="Zwolle")
    user = mapper(region)
    add_to_map(facts=OrganisationFacts("Kring 3 te Nergens"), region=region, actor=user, at=AT)
    open_grid(page, server, region, user)
    if loads is not None:

        def note(asked: Request) -> None:
            if asked.is_navigation_request() and asked.method == "GET":
                loads.append(asked.url)

        page.on("request", note)
    paste(page, region, rows)
    return region, user


def test_rows_that_are_pasted_on_the_grid_are_on_the_map_in_three_steps(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    page = visit(viewport=WIDE)
    loads: list[str] = []
    region, _user = begun(live_server, page, 57, loads)
    arrive(page, "Geplakte cellen")
    assert_axe_clean(page)
    hand = Keyboard(page)
    # Control and V.
    hand.keys += 1
    go_to(hand, "Verder: op de kaart zetten")
    arrive(page, "Dit op de kaart van Zwolle zetten?")
    go_to(hand, "Zet op de kaart")
    expect(page.get_by_role("link", name="Naar de kaart")).to_be_visible()
    expect(page.get_by_text("57 nieuw")).to_be_visible()
    assert organisations_in(region).count() == 58
    assert (len(loads), hand.keys) == (LOADS_OF_A_PASTE, KEYS_OF_A_PASTE), loads


def go_to(hand: Keyboard, name: str) -> None:
    """Go past the head of a page, and on by Tab to a link or a button, and press it."""
    hand.press("Tab", "Enter")
    while name not in hand.page.evaluate(_NAME_OF_FOCUS):
        hand.press("Tab")
        assert hand.keys < 100, name
    hand.press("Enter")


def test_a_row_is_decided_by_one_key(live_server: LiveServer, visit: Callable[..., Page]) -> None:
    page = visit(viewport=NARROW)
    region = Region.objects.get(name="Zwolle")
    user = mapper(region)
    for name in ("Wijkraad Noord", "Wijkraad Zuid"):
        add_to_map(facts=OrganisationFacts(name), region=region, actor=user, at=AT)
    open_grid(page, live_server, region, user)
    paste_text(page, "Naam\tNotities\nWijkraad Noord\tBellen\nWijkraad Zuid\tMailen\nFout\t=1+1")
    arrive(page, "Geplakte cellen")
    assert_fits(page)
    assert_axe_clean(page)
    page.locator("[data-import-row]").first.focus()
    for key in "13":
        page.keyboard.press(key)
    page.get_by_role("textbox", name="Notities").fill("Toch goed")
    page.get_by_role("button", name="Keuzes opslaan").click()
    expect(page.get_by_text("Er wacht niets op u.")).to_be_visible()
    page.get_by_role("link", name="Verder: op de kaart zetten").click()
    expect(page.get_by_role("main")).to_contain_text("1 nieuw op de kaart")
    assert_fits(page)
    assert_axe_clean(page)
