"""A visitor looks around: the map by keyboard, a region, and what the portal says of itself."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser import NARROW, WIDE
from tests.journeys.walking import arrive, follow, press

pytestmark = pytest.mark.usefixtures("reference_data", "first_round")
HOME = "De mensen om wie het gaat praten mee, in elke regio"
TEXTS = {
    "Privacy": re.compile("Privacy"),
    "Toegankelijkheid": re.compile("[Tt]oegankelijkheid"),
    "Hulp": re.compile("."),
    "Contact": re.compile("Contact|Vraag"),
}


@pytest.mark.parametrize("window", [WIDE, NARROW], ids=["wide", "narrow"])
def test_visitor_finds_a_region_and_who_keeps_the_portal(
    live_server: LiveServer, visit: Callable[..., Page], window: dict[str, int]
) -> None:
    page = visit(viewport=window)
    page.goto(live_server.url)
    arrive(page, HOME)
    page.get_by_label("Postcode, plaats, gemeente of regio").fill("7001")
    press(page, "Vind mijn regio")
    arrive(page, "Arnhem")
    for link, heading in TEXTS.items():
        page.get_by_role("contentinfo").get_by_role("link", name=link, exact=True).click()
        arrive(page, heading)


def test_visitor_reaches_a_region_on_the_map_by_keyboard_alone(live_server: LiveServer, page: Page) -> None:
    page.goto(f"{live_server.url}/regios/")
    arrive(page, "Regio's")
    on_map = page.get_by_role("group", name="Schematische kaart van de 31 regio's").get_by_role("link")
    names = on_map.evaluate_all("all => all.map(each => each.getAttribute('aria-label'))")
    listed = page.locator("section").filter(has=page.get_by_role("heading", name="Als lijst"))
    rows = [
        f"{row.get_by_role('link').inner_text()}: {row.locator('span').inner_text().strip()}"
        for row in listed.get_by_role("listitem").all()
    ]
    assert (len(names), names) == (31, rows)
    target = next(each for each in names if each.startswith("Zwolle"))
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == target:
            break
    expect(page.get_by_role("link", name=target)).to_be_focused()
    page.keyboard.press("Enter")
    arrive(page, "Zwolle")


def test_visitor_reads_in_english_and_goes_back_to_dutch(live_server: LiveServer, page: Page) -> None:
    page.goto(f"{live_server.url}/help/")
    heading = page.get_by_role("heading", level=1).inner_text()
    follow(page, "English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    arrive(page, re.compile("."), language="en")
    assert page.url == f"{live_server.url}/en/help/"
    follow(page, "Regions")
    arrive(page, "Regions", language="en")
    follow(page, "Nederlands")
    arrive(page, "Regio's")
    page.goto(f"{live_server.url}/help/")
    arrive(page, heading)
