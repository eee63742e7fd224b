"""Each amount of a budget says of which line it is, and the page is read in the order in which it is seen (WCAG 1.3.1, 1.3.2, 2.4.3)."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from applications.forms.budget import COLUMNS
from tests.browser import NARROW, WIDE
from tests.factories import scenarios
from tests.journeys.walking import budget_line, log_in, look

pytestmark = pytest.mark.usefixtures("transactional_db", "first_round")

# Where the two columns of a page begin: 60rem.
FIRST_WIDE = {"width": 960, "height": 800}


@pytest.fixture
def case() -> "scenarios.Case":
    return scenarios.written()


def open_budget(page: Page, server: LiveServer, case: "scenarios.Case") -> None:
    log_in(page, server, case.applicant.email)
    page.goto(f"{server.url}/aanvragen/{case.reference}/begroting/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Begroting")


def places(parts: Locator) -> list[dict[str, float]]:
    """Return where the parts of a page stand, in the order of its source."""
    found: list[dict[str, float]] = parts.evaluate_all(
        "all => all.map((each) => each.getBoundingClientRect().toJSON())"
    )
    return found


def amount(page: Page, number: int) -> Locator:
    return budget_line(page, number).locator("[name$='-amount']")


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_the_name_of_an_amount_says_which_line_whose_share_and_what_for(
    live_server: LiveServer, visit: Callable[..., Page], case, size: Any
) -> None:
    page = visit(viewport=size)
    open_budget(page, live_server, case)
    first = case.budget_lines.select_related("participation").first()
    named = f"{first.participation.stated_name}, {first.description}"
    expect(amount(page, 1)).to_have_accessible_name(f"Bedrag Regel 1: {named}")
    expect(budget_line(page, 1)).to_have_accessible_name(f"Regel 1: {named}")
    # A line in which one types is named by what stands in it now.
    number = case.budget_lines.count() + 1
    line = budget_line(page, number)
    expect(amount(page, number)).to_have_accessible_name(f"Bedrag Regel {number}")
    line.get_by_label("Organisatie").select_option(index=2)
    line.get_by_label("Waarvoor").fill("Bijdrage van de gemeente")
    partner = case.partners[0].stated_name
    expect(amount(page, number)).to_have_accessible_name(
        f"Bedrag Regel {number}: {partner}, Bijdrage van de gemeente"
    )
    if size == NARROW:
        expect(line.get_by_text(f"{partner}, Bijdrage van de gemeente")).to_be_visible()
    look(page)


@pytest.mark.parametrize("size", [FIRST_WIDE, WIDE], ids=["960", "wide"])
def test_from_960_pixels_on_the_source_goes_as_the_eye_does(
    live_server: LiveServer, visit: Callable[..., Page], case, size: Any
) -> None:
    """The heading, the steps beside it, and the table below both; in a line its boxes from left to right."""
    page = visit(viewport=size)
    open_budget(page, live_server, case)
    heading, steps, form = places(page.locator(".hub-with-aside > :visible"))
    assert heading["left"] < steps["left"]
    assert abs(heading["top"] - steps["top"]) <= 1
    assert form["top"] > max(heading["bottom"], steps["bottom"])
    boxes = places(budget_line(page, 1).locator("input:visible, select:visible"))
    assert len(boxes) == len(COLUMNS) + 1
    assert boxes == sorted(boxes, key=lambda each: each["left"])
    assert max(each["top"] for each in boxes) < min(each["bottom"] for each in boxes)
    expect(page.get_by_role("navigation", name="Stappen van deze aanvraag")).to_have_count(1)


def test_in_a_narrow_window_the_steps_come_after_the_table(
    live_server: LiveServer, visit: Callable[..., Page], case
) -> None:
    page = visit(viewport=NARROW)
    open_budget(page, live_server, case)
    tops = [each["top"] for each in places(page.locator(".hub-with-aside > :visible"))]
    assert (len(tops), tops) == (3, sorted(tops))
    expect(page.locator(".hub-with-aside > :visible").last).to_have_class("hub-steps-below")
    expect(page.get_by_role("navigation", name="Stappen van deze aanvraag")).to_have_count(1)
