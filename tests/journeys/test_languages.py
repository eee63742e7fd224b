"""Somebody turns to the other language in the middle of a form, and loses nothing of it."""

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.factories.accounts import UserFactory
from tests.journeys.walking import arrive, follow, log_in, press

pytestmark = pytest.mark.usefixtures("reference_data", "first_round")


def test_browser_in_another_language_gets_dutch(live_server: LiveServer, visit: Callable[..., Page]) -> None:
    page = visit(locale="en-GB")
    page.goto(f"{live_server.url}/regios/")
    arrive(page, "Regio's")


def test_what_stands_in_a_form_goes_along_to_the_other_language(live_server: LiveServer, page: Page) -> None:
    log_in(page, live_server, UserFactory.create().email)
    arrive_in_dutch = partial(arrive, page, "Mijn organisatie toevoegen")
    page.goto(f"{live_server.url}/organisaties/toevoegen/")
    arrive_in_dutch()
    page.get_by_role("textbox", name="KvK-nummer", exact=True).fill("9000")
    page.get_by_label("Naam van de organisatie").fill("Buurtkring Zonder Eind (fictief)")
    page.get_by_label("Rechtsvorm").select_option("initiative")
    follow(page, "English")
    arrive(page, "Add my organisation", language="en")
    assert page.url == f"{live_server.url}/en/organisaties/toevoegen/"
    typed = {
        "KvK number": "9000",
        "Name of the organisation": "Buurtkring Zonder Eind (fictief)",
        "Legal form": "initiative",
    }
    for label, value in typed.items():
        expect(page.get_by_label(label, exact=True)).to_have_value(value)
    # Refused, and so an answer to what was sent: its address alone knows nothing of it.
    press(page, "Add this organisation")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    follow(page, "Nederlands")
    arrive_in_dutch()
    for label, value in zip(
        ("KvK-nummer", "Naam van de organisatie", "Rechtsvorm"), typed.values(), strict=True
    ):
        expect(page.get_by_label(label, exact=True)).to_have_value(value)
    # Once: who comes back to the page finds it as it is.
    page.goto(f"{live_server.url}/organisaties/toevoegen/")
    expect(page.get_by_role("textbox", name="KvK-nummer", exact=True)).to_have_value("")
