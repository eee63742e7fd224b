"""Names of one long word on the narrowest windows: no page moves sideways, and amounts stay in sight."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser import assert_fits
from tests.factories.scenarios import written
from tests.journeys.walking import arrive, log_in

pytestmark = pytest.mark.usefixtures("transactional_db", "first_round")
ORGANISATION = "Vereniging Belangenbehartiging Mantelzorgondersteuningsorganisaties Limburg-Zuid"
COALITION = "Mantelzorgondersteuningsorganisatiesamenwerkingsverband"
# The second is the width that remains of 1280 at 400 per cent (WCAG 1.4.10).
WIDTHS = (360, 320)


@pytest.mark.parametrize("width", WIDTHS)
def test_long_names_leave_amounts_and_crumbs_in_sight(
    live_server: LiveServer, visit: Callable[..., Page], width: int
) -> None:
    case = written(coalition_name=COALITION, title=COALITION)
    partner = case.partners[0].organisation
    partner.name = ORGANISATION
    partner.save()
    page = visit(viewport={"width": width, "height": 740})
    log_in(page, live_server, case.applicant.email)
    arrive(page, re.compile("^Welkom"))
    draft = f"/aanvragen/{case.reference}/"
    for path in (
        *(draft, f"{draft}begroting/", f"{draft}partners/", f"{draft}controleren/"),
        *(f"/coalities/{case.coalition.pk}/", "/coalities/", "/aanvragen/", "/start/"),
    ):
        answer = page.goto(f"{live_server.url}{path}")
        assert answer is not None
        assert answer.status == 200, path
        assert_fits(page)
    page.goto(f"{live_server.url}{draft}begroting/")
    box = page.locator("table", has_text="U vraagt").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= width
