"""Somebody writes before they have an account, and has it in their draft later (rule 32)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser import NARROW, WIDE
from tests.database import around_acts
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.journeys.walking import arrive, follow, press

pytestmark = pytest.mark.usefixtures("transactional_db", "first_round")
OURS = "Wij kennen de regio.\nEn de mensen."


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_what_was_written_without_an_account_is_in_the_draft_later(
    live_server: LiveServer, visit: Callable[..., Page], size: Any
) -> None:
    with around_acts():
        case = scenarios.started(partners=1)
    page = visit(viewport=size)
    page.goto(f"{live_server.url}/oproepen/{case.call.slug}/")
    follow(page, "Begin alvast te schrijven, zonder account")
    arrive(page, "Begin alvast te schrijven")
    region = page.get_by_role("region", name="De regio").get_by_role("textbox")
    work = page.get_by_role("region", name="De opgave").get_by_role("textbox")
    region.fill(OURS)
    work.fill("De opgave.")
    expect(page.get_by_text("Bewaard op dit apparaat.")).to_be_visible()
    page.reload()
    expect(region).to_have_value(OURS)
    expect(page.get_by_role("region", name="De regio").locator("[data-length]")).to_have_text(
        f"{len(OURS)} tekens van hoogstens 3000"
    )

    for _twice in range(2):
        press(page, "Gooi weg wat hier bewaard is")
    expect(region).to_have_value("")
    expect(page.get_by_role("button", name="Zet het terug")).to_be_focused()
    arrive(page, "Begin alvast te schrijven")
    page.keyboard.press("Enter")
    expect(region).to_have_value(OURS)

    client = Client()
    log_in(client, case.applicant)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/aanvragen/{case.reference}/")
    offer = page.get_by_role("form", name="Op dit apparaat schreef u al iets")
    expect(offer.get_by_role("listitem")).to_have_text(["De regio", "De opgave"])
    arrive(page, re.compile(r"Aanvraag voor "))
    press(page, "Bekijk het, en kies wat u overneemt")
    arrive(page, "Uw antwoorden overnemen")
    page.get_by_label("Overnemen in “De opgave”").uncheck()
    press(page, "Sla op wat is aangevinkt")
    arrive(page, "Uw antwoorden overnemen")
    follow(page, "De rest laten, en naar het overzicht")
    # What the draft has is gone from the device; what was left is not.
    expect(offer.get_by_role("listitem")).to_have_text(["De opgave"])
    assert dict(case.sections.values_list("spec__key", "text")) == {"regio": OURS}
    kept = page.evaluate("Object.keys(localStorage).filter((each) => each.startsWith('hubportaal/ahead'))")
    assert kept == [f"hubportaal/ahead/{case.call.slug}/opgave"]


def test_without_scripts_the_page_says_what_one_can_do(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    with around_acts():
        case = scenarios.started(partners=1)
    page = visit(viewport=NARROW, java_script_enabled=False)
    page.goto(f"{live_server.url}/oproepen/{case.call.slug}/alvast-schrijven/")
    expect(page.get_by_text("Voor deze pagina is JavaScript nodig")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)
