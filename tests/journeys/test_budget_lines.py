"""An officer judges a budget of many lines on a telephone (rules 31 and 32)."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from applications.domain.budget import PlannedLine, save_budget
from tests.browser import assert_axe_clean, assert_fits
from tests.factories.moments import AT
from tests.factories.scenarios import advised, after_deadline, committee, open_to, written
from tests.journeys.authenticator import log_in_with_code
from tests.journeys.walking import arrive, press
from tests.pages import at_moment

pytestmark = pytest.mark.usefixtures("transactional_db", "second_factor")

LINES = 60


def test_sixty_budget_lines_are_judged_on_a_telephone(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    case = written()
    [heading] = case.call.headings.filter(key="personeel")
    lead = case.coalition.participations.get(is_lead=True)
    save_budget(
        application_id=case.pk,
        lines=[PlannedLine(heading, lead, f"Uren, deel {each}", Decimal(800)) for each in range(LINES)],
        seen_version=case.budget_version,
        actor=case.applicant,
        at=AT,
    )
    case.refresh_from_db()
    advised(case, granted=47_000)
    officer = committee().officer
    open_to(case, officer, at=after_deadline(case, days=27))
    page = visit(viewport={"width": 360, "height": 740})
    with at_moment(after_deadline(case, days=28)):
        log_in_with_code(page, live_server, officer)
        page.goto(f"{live_server.url}/beheer/besluiten/{case.reference}/")
        arrive(page, re.compile(case.title))
        last = page.get_by_label(f"Geaccepteerd van regel {LINES}")
        # Less was advised than was asked, so the lines are there at once.
        expect(last).to_be_visible()
        assert_fits(page)
        assert_axe_clean(page)
        page.get_by_label("Redenen van het besluit").fill("Ik volg het advies.")
        for position in (1, LINES):
            page.get_by_label(f"Geaccepteerd van regel {position}", exact=True).fill("300")
            page.get_by_label(f"Waarom minder van regel {position}", exact=True).fill("Het kan soberder.")
        press(page, "Controleren en vastleggen")
        arrive(page, "Controleren en vastleggen")
        expect(page.get_by_text("komen uit op een subsidie van € 47.000,00")).to_be_visible()
        assert_fits(page)
        assert_axe_clean(page)
