"""A whole application as a screen reader is told of it: names, roles, order and live messages (WCAG 1.3.1, 2.4.6, 4.1.2 and 4.1.3)."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser import WIDE
from tests.database import around_acts
from tests.factories import scenarios
from tests.journeys.walking import log_in
from tests.spoken import CONTROLS, Spoken, spoken

pytestmark = pytest.mark.usefixtures("transactional_db", "first_round")
STEPS = (
    "", "gegevens/", "betrokkenen/", "partners/", "onderdeel/opgave/", "begroting/", "bijlagen/", "controleren/",
    "coalitie/", "taken/", "lezen/", "meeschrijvers/", "formulier/", "contactpersoon/",
)  # fmt: skip


@pytest.fixture
def room(live_server: LiveServer, visit: Callable[..., Page]) -> tuple[Page, str]:
    with around_acts():
        case = scenarios.written()
    page = visit(viewport=WIDE)
    log_in(page, live_server, case.applicant.email)
    return page, f"{live_server.url}/aanvragen/{case.reference}/"


def test_every_page_of_an_application_tells_where_one_is_and_what_each_thing_is_called(
    room: tuple[Page, str],
) -> None:
    page, address = room
    for step in STEPS:
        page.goto(f"{address}{step}")
        told = spoken(page)
        assert _faults(told) == [], f"{step}: {[str(each) for each in told]}"


def _faults(told: list[Spoken]) -> list[str]:
    """Return what somebody who hears the page would miss."""
    roles = [each.role for each in told]
    headings = [each.level for each in told if each.role == "heading"]
    found = [
        f"{role}: {roles.count(role)}" for role in ("banner", "main", "contentinfo") if roles.count(role) != 1
    ]
    if headings.count(1) != 1:
        found.append(f"headings of level 1: {headings.count(1)}")
    found += [f"level {two} after {one}" for one, two in pairwise(headings) if two > one + 1]
    found += [f"no name: {each}" for each in told if each.role in CONTROLS and not each.name]
    order = [each for each in roles if each in {"banner", "main", "contentinfo"}]
    if order != ["banner", "main", "contentinfo"]:
        found.append(f"order: {order}")
    return found


def test_a_text_is_told_with_its_question_and_its_saving_is_said(room: tuple[Page, str]) -> None:
    page, address = room
    page.goto(f"{address}onderdeel/opgave/")
    [box] = [each for each in spoken(page) if each.role == "textbox"]
    assert box.name.startswith("Aan welke participatieopgave gaat u werken?")
    assert "Hoogstens 4000 tekens." in box.description
    page.get_by_role("textbox").fill("Een nieuwe zin (fictief).")
    expect(page.locator("[data-save-state]")).to_contain_text("Opgeslagen om")
    said = [each.name for each in spoken(page) if each.role == "status" and "Opgeslagen om" in each.name]
    assert len(said) == 1


def test_a_mistake_is_told_first_and_at_its_field(room: tuple[Page, str]) -> None:
    page, address = room
    page.goto(f"{address}betrokkenen/")
    page.locator('[name="leader_email"]').fill("geen adres")
    page.get_by_role("button", name="Concept opslaan", exact=True).click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    told = spoken(page)
    [box] = [each for each in told if each.role == "textbox" and "invalid=true" in each.states]
    assert "e-mailadres" in box.description.lower()
    # What is wrong, with a link to it, is read before the field.
    links = [each.name.split(" – ")[-1] for each in told[: told.index(box)] if each.role == "link"]
    assert [each for each in links if each in box.description] != []
