"""The matrix of a region by keyboard: from cell to cell, into one, and back where one was."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from hubportal.accounts.enums import Role
from mapping.domain.organisations import add_to_map
from mapping.domain.questions import save_question
from mapping.models import Engagement
from organisations.domain.organisations import OrganisationFacts
from regions.models import Region
from tests.browser import NARROW, WIDE, assert_axe_clean, assert_fits
from tests.factories.accounts import person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.journeys.authenticator import log_in_with_code
from tests.journeys.walking import arrive, press

pytestmark = pytest.mark.usefixtures("reference_data", "first_round", "second_factor")


def test_a_cell_is_found_changed_and_come_back_to_by_keyboard(page: Page, live_server: LiveServer) -> None:
    region = Region.objects.order_by("pk")[0]
    user = person(Role.KWARTIERMAKER)
    KwartiermakerAssignmentFactory.create(user=user, region=region)
    for name in ("Buurtkring", "Wijkraad"):
        add_to_map(facts=OrganisationFacts(name), region=region, actor=user, at=AT)
    for title in ("Wie rijdt de bus?", "Wie woont waar?"):
        save_question(
            region=region, title=title, description="", municipality=None, forms={}, actor=user, at=AT
        )
    log_in_with_code(page, live_server, user)
    page.goto(f"{live_server.url}/regiowerk/{region.slug}/vraagstukken/matrix/")
    arrive(page, "Wie doet mee aan welk vraagstuk?")
    expect(page.get_by_role("grid")).to_be_visible()
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)
        assert_fits(page)
        assert_axe_clean(page)
    # One stop for the Tab key: the first cell.
    assert page.locator("[data-matrix] [tabindex='0']").count() == 1
    page.locator("[data-matrix] [tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    arrive(page, "Wijkraad")
    expect(page.get_by_role("checkbox", name="Informeren")).to_be_focused()
    assert_axe_clean(page)
    page.get_by_role("checkbox", name="Adviseren").check()
    page.get_by_role("group", name="Adviseren").get_by_label("Hoe ging het?").fill("Ging goed")
    press(page, "Opslaan")
    arrive(page, "Wie doet mee aan welk vraagstuk?")
    expect(page.locator("[data-matrix] a:focus")).to_have_text("Aadviseren")
    page.keyboard.press("Home")
    expect(page.locator("[data-matrix] a:focus")).to_have_text("Wie woont waar?")
    page.keyboard.press("Control+End")
    page.keyboard.press("Control+Home")
    expect(page.locator("[data-matrix] th:focus")).to_have_text("Vraagstuk")
    kept = Engagement.objects.values_list("question__title", "organisation__name", "form", "how_it_went")
    assert list(kept) == [("Wie woont waar?", "Wijkraad", "advise", "Ging goed")]
