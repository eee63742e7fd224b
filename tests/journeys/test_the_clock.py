"""The deadline comes while the page to submit stands open: the page says so, and no longer offers the round that is over (rule 3)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from applications.enums import Status
from tests.browser import NARROW
from tests.factories import scenarios
from tests.factories.moments import FIRST_DEADLINE
from tests.journeys.walking import log_in, press
from tests.pages import at_moment

pytestmark = pytest.mark.usefixtures("transactional_db", "first_round")


def test_a_deadline_passes_while_the_page_stands_open(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    page, case = visit(), scenarios.ready()
    log_in(page, live_server, case.applicant.email)
    page.clock.install()
    # The server's clock stands still in a test: the page counts on from it by itself.
    with at_moment(FIRST_DEADLINE - timedelta(minutes=10)):
        page.goto(f"{live_server.url}/aanvragen/{case.reference}/controleren/")
        clock = page.get_by_role("timer")
        expect(clock).to_contain_text("Nederlandse tijd")
        expect(clock).to_contain_text("minuten")
        expect(page.get_by_role("button", name="Indienen voor ronde 1")).to_be_visible()
    with at_moment(FIRST_DEADLINE):
        page.clock.fast_forward("10:00")
        expect(page.locator(".hub-state")).to_contain_text("ronde 2", timeout=20_000)
        expect(page.get_by_role("button", name="Indienen voor ronde 1")).not_to_be_visible()
        # What was complete for the first round starts too early for the second.
        expect(page.get_by_role("main")).to_contain_text("Begin op of na")


def test_what_is_submitted_in_the_last_second_counts_for_the_round(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    page, case = visit(viewport=NARROW), scenarios.ready()
    log_in(page, live_server, case.applicant.email)
    with at_moment(FIRST_DEADLINE - timedelta(seconds=1)):
        page.goto(f"{live_server.url}/aanvragen/{case.reference}/controleren/")
        press(page, "Indienen voor ronde 1")
        expect(page.get_by_role("heading", name="Uw ontvangstbevestiging")).to_be_visible()
        expect(page.get_by_text("om 13:59:59").first).to_be_visible()
    case.refresh_from_db()
    assert (case.status, case.review_round.number) == (Status.SUBMITTED, 1)


def test_what_comes_at_the_deadline_is_kept_and_offered_for_the_next_round(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    page, case = visit(viewport=NARROW), scenarios.ready()
    log_in(page, live_server, case.applicant.email)
    with at_moment(FIRST_DEADLINE - timedelta(seconds=1)):
        page.goto(f"{live_server.url}/aanvragen/{case.reference}/controleren/")
    with at_moment(FIRST_DEADLINE):
        press(page, "Indienen voor ronde 1")
        expect(page.get_by_role("main")).to_contain_text("ronde 2")
        expect(page.get_by_role("main")).to_contain_text("De deadline was voorbij")
        expect(page.get_by_role("button", name="Indienen voor ronde 1")).not_to_be_visible()
    case.refresh_from_db()
    assert (case.status, case.submitted_at) == (Status.DRAFT, None)
