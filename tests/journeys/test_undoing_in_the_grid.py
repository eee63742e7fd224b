"""Undoing in the grid by keyboard: in order, however slowly the portal answers, and never over what a colleague wrote since."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from mapping.domain.cells import save_cell
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region
from tests.browser import WIDE
from tests.factories.moments import AT
from tests.journeys.test_grid import Keyboard, cell, mapper, on_map, open_grid, write

pytestmark = pytest.mark.usefixtures("reference_data", "first_round", "second_factor")
# What this device keeps of what the portal does not have yet.
NOTHING_WAITS = """() => Object.entries(localStorage)
  .filter(([key]) => key.startsWith("hubportaal/grid/") && !key.endsWith("/new"))
  .every(([, kept]) => kept === "[]")"""


def test_what_is_pressed_while_a_save_is_under_way_waits_for_it(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    """Rule 32: nothing is lost, nor undone twice."""
    region = Region.objects.get(name="Zwolle")
    row = on_map(region, "Alfa")
    page = visit(viewport=WIDE)
    open_grid(page, live_server, region, mapper(region))
    saves = Slow(page, "**/cel/")
    with page.expect_request("**/cel/"):
        write(page, "neighbourhood", "Een")
    write(page, "neighbourhood", "Twee")
    write(page, "website", "https://a.example")
    hand = Keyboard(page)
    # The website and the second name; the first one stays.
    hand.press("Control+z", "Control+z")
    expect(cell(page, "Alfa", "neighbourhood")).to_have_text("Een")
    expect(cell(page, "Alfa", "website")).to_have_text("")
    saves.let_go()
    page.wait_for_function(NOTHING_WAITS)
    expect(page.locator(f"#rij-{row.map_key}").get_by_text("Opgeslagen", exact=True)).to_be_visible()
    row.refresh_from_db()
    assert (row.neighbourhood, row.website) == ("Een", "")
    hand.press("Control+z")
    page.wait_for_function(NOTHING_WAITS)
    row.refresh_from_db()
    assert row.neighbourhood == ""
    hand.press("Control+z")
    expect(page.get_by_text("Er is niets meer om ongedaan te maken.")).to_be_visible()


def test_what_a_colleague_wrote_since_is_not_undone(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    """Rule 12."""
    region = Region.objects.get(name="Zwolle")
    row, colleague = on_map(region, "Alfa"), mapper(region)
    page = visit(viewport=WIDE)
    open_grid(page, live_server, region, mapper(region))
    write(page, "neighbourhood", "Van mij")
    expect(page.locator(f"#rij-{row.map_key}")).to_have_attribute("data-version", "2")
    save_cell(
        organisation_id=row.pk,
        region=region,
        field="neighbourhood",
        value="Van een ander",
        seen_version=2,
        was="Van mij",
        actor=colleague,
        at=AT,
    )
    page.keyboard.press("Control+z")
    expect(page.locator("[data-grid-status]")).to_have_text(
        "Niet ongedaan gemaakt, want iemand heeft dit sindsdien gewijzigd: Alfa, Wijk, buurt of dorp"
        f" (het laatst opgeslagen door {colleague.full_name})"
    )
    expect(cell(page, "Alfa", "neighbourhood")).to_have_text("Van een ander")
    expect(page.locator(".hub-newer")).to_have_count(0)
    row.refresh_from_db()
    assert row.neighbourhood == "Van een ander"


def test_rows_added_merged_and_taken_off_are_undone_in_their_order(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    """Rule 30: a row that went comes back with what was written in it before."""
    region = Region.objects.get(name="Zwolle")
    one, other = on_map(region, "Alfa"), on_map(region, "Bravo")
    page = visit(viewport=WIDE)
    open_grid(page, live_server, region, mapper(region))
    write(page, "neighbourhood", "De Hoek")
    page.get_by_label("Naam van een nieuwe organisatie").fill("Charlie")
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader", name="Charlie")).to_be_visible()
    page.get_by_role("link", name="Openen Alfa").click()
    page.get_by_role("link", name="Van deze kaart halen").click()
    page.get_by_role("button", name="Ja, van deze kaart halen").click()
    expect(page.get_by_text("Alfa staat niet meer op deze kaart.")).to_be_visible()
    page.goto(
        f"{live_server.url}/regiowerk/{region.slug}/organisaties/{other.map_key}/samenvoegen/"
        f"{Organisation.objects.get(name='Charlie').map_key}/"
    )
    page.get_by_role("button", name="Ja, samenvoegen").click()
    expect(page.get_by_role("button", name="Weer splitsen")).to_be_visible()
    page.goto(f"{live_server.url}/regiowerk/{region.slug}/")
    expect(page.get_by_role("rowheader", name="Alfa")).to_have_count(0)
    hand = Keyboard(page)
    # Nowhere in particular on the page, and faster than the portal answers.
    hand.press("Control+z", "Control+z", "Control+z", "Control+z")
    expect(cell(page, "Alfa", "neighbourhood")).to_have_text("")
    expect(page.get_by_role("rowheader", name="Bravo")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Charlie")).to_have_count(0)
    expect(page.locator("[data-grid-status]")).to_have_text("Ongedaan gemaakt: Alfa, Wijk, buurt of dorp")
    assert set(organisations_in(region)) == {one, other}
    one.refresh_from_db()
    assert one.neighbourhood == ""


def test_what_was_saved_in_the_form_is_undone_like_a_cell(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    region = Region.objects.get(name="Zwolle")
    row = on_map(region, "Alfa")
    page = visit(viewport=WIDE)
    open_grid(page, live_server, region, mapper(region))
    write(page, "neighbourhood", "Eerst")
    expect(page.locator(f"#rij-{row.map_key}")).to_have_attribute("data-version", "2")
    page.get_by_role("link", name="Openen Alfa").click()
    page.get_by_label("Wijk, buurt of dorp").fill("Later")
    page.get_by_label("Wat de organisatie doet").fill("Een zin.")
    # Refused first: what stood there is still what is undone.
    page.get_by_label("Website").fill("geen adres")
    page.get_by_role("button", name="Opslaan", exact=True).click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    page.get_by_label("Website").fill("a.example")
    page.get_by_label("Notities").fill("Bellen")
    page.get_by_role("button", name="Opslaan", exact=True).click()
    expect(cell(page, "Alfa", "neighbourhood")).to_have_text("Later")
    hand = Keyboard(page)
    hand.press("Control+z")
    expect(page.locator("[data-grid-status]")).to_have_text(
        "Ongedaan gemaakt: Alfa, Wijk, buurt of dorp, Website, Wat de organisatie doet, Notities"
    )
    expect(cell(page, "Alfa", "neighbourhood")).to_have_text("Eerst")
    expect(cell(page, "Alfa", "website")).to_have_text("")
    row.refresh_from_db()
    assert (row.neighbourhood, row.website, row.description) == ("Eerst", "", "")
    hand.press("Control+z")
    expect(cell(page, "Alfa", "neighbourhood")).to_have_text("")
    page.wait_for_function(NOTHING_WAITS)
    hand.press("Control+z")
    expect(page.get_by_text("Er is niets meer om ongedaan te maken.")).to_be_visible()
    kept = page.evaluate("() => JSON.stringify(sessionStorage)")
    assert "Bellen" not in kept


def test_what_a_colleague_changed_after_the_form_stays_and_is_shown(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    """Rule 12."""
    region = Region.objects.get(name="Zwolle")
    row, colleague = on_map(region, "Alfa"), mapper(region)
    page = visit(viewport=WIDE)
    open_grid(page, live_server, region, mapper(region))
    page.get_by_role("link", name="Openen Alfa").click()
    page.get_by_label("Wijk, buurt of dorp").fill("Van mij")
    page.get_by_label("Website").fill("a.example")
    page.get_by_role("button", name="Opslaan", exact=True).click()
    expect(cell(page, "Alfa", "neighbourhood")).to_have_text("Van mij")
    save_cell(
        organisation_id=row.pk,
        region=region,
        field="neighbourhood",
        value="Van een ander",
        seen_version=2,
        was="Van mij",
        actor=colleague,
        at=AT,
    )
    page.keyboard.press("Control+z")
    expect(page.locator("[data-grid-status]")).to_have_text(
        f"Niet ongedaan gemaakt: Alfa. {colleague.full_name} wijzigde dit sindsdien: Wijk, buurt of dorp."
    )
    expect(cell(page, "Alfa", "neighbourhood")).to_have_text("Van een ander")
    row.refresh_from_db()
    assert (row.neighbourhood, row.website) == ("Van een ander", "https://a.example")


def test_an_import_is_undone_on_its_own_page_and_the_key_leads_there(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    region = Region.objects.get(name="Zwolle")
    on_map(region, "Alfa")
    page = visit(viewport=WIDE)
    open_grid(page, live_server, region, mapper(region))
    write(page, "neighbourhood", "Eerst")
    page.wait_for_function(NOTHING_WAITS)
    page.goto(f"{live_server.url}/regiowerk/{region.slug}/importeren/")
    page.get_by_label("Of plak hier cellen").fill("Naam\tGemeente\nKring\tZwolle")
    page.get_by_role("button", name="Toon de rijen").click()
    page.get_by_role("link", name="Verder: op de kaart zetten").click()
    page.get_by_role("button", name="Zet op de kaart").click()
    page.goto(f"{live_server.url}/regiowerk/{region.slug}/")
    expect(page.get_by_role("rowheader", name="Kring")).to_be_visible()
    hand = Keyboard(page)
    hand.press("Control+z")
    link = page.locator("[data-grid-status] a")
    expect(link).to_have_text("De import openen")
    expect(page.get_by_role("rowheader", name="Kring")).to_be_visible()
    # Once more: the cell of before.
    hand.press("Control+z")
    expect(cell(page, "Alfa", "neighbourhood")).to_have_text("")
    expect(link).to_have_count(0)


class Slow:
    """Holds back what the portal is asked until it is let go."""

    def __init__(self, page: Page, address: str) -> None:
        self.held: list[Route] = []
        self.is_let_go = False
        page.route(address, self.hold)

    def hold(self, route: Route) -> None:
        """Keep what is asked for later."""
        if self.is_let_go:
            route.continue_()
        else:
            self.held.append(route)

    def let_go(self) -> None:
        """Let the portal answer, now and from now on."""
        self.is_let_go = True
        for each in self.held:
            each.continue_()
