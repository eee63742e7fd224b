"""An officer corrects a letter that was sent, on a telephone, and a colleague releases the new one (rules 19 and 30)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from letters.models import Correction, CorrectionDraft, Letter
from tests.browser import NARROW, WIDE
from tests.decided_world import send
from tests.factories.scenarios import after_deadline, committee, produced
from tests.journeys.authenticator import log_in_with_code
from tests.journeys.walking import arrive, look, press
from tests.pages import at_moment

pytestmark = pytest.mark.usefixtures("transactional_db", "second_factor")


def test_a_letter_is_corrected_checked_and_released_by_a_colleague(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    case = produced(title="Samen aan zet")
    send(case.decision.letter)
    letters = f"{live_server.url}/beheer/brieven/{case.reference}/"
    with at_moment(after_deadline(case, days=40)):
        _corrected(visit(viewport=NARROW), live_server, letters)
    assert Correction.objects.get().attention == "mevrouw A. Anders"
    with at_moment(after_deadline(case, days=41)):
        page = visit(viewport=WIDE)
        log_in_with_code(page, live_server, committee().releaser)
        _released(page, letters)
    assert Letter.objects.filter(supersedes=case.decision.letter).count() == 1


def _corrected(page: Page, live_server: LiveServer, letters: str) -> None:
    log_in_with_code(page, live_server, committee().officer)
    page.goto(letters)
    page.get_by_role("link", name="Deze brief verbeteren").click()
    arrive(page, "Brief verbeteren")
    look(page)
    page.get_by_label("Ter attentie van").fill("mevrouw A. Anders")
    # Enter keeps what was typed, and records nothing.
    page.get_by_label("Ter attentie van").press("Enter")
    expect(page.get_by_text("Opgeslagen als concept.")).to_be_visible()
    assert (CorrectionDraft.objects.get().attention, Correction.objects.count()) == ("mevrouw A. Anders", 0)
    page.get_by_label("Wat er wordt verbeterd").fill("De naam boven de brief klopte niet.")
    press(page, "Controleren en vastleggen")
    arrive(page, "Controleren en vastleggen")
    expect(page.get_by_text("Geachte mevrouw A. Anders,")).to_be_visible()
    look(page)
    press(page, "Verbetering vastleggen")
    expect(page.get_by_text("De verbetering is vastgelegd.")).to_be_visible()
    look(page)


def _released(page: Page, letters: str) -> None:
    page.goto(letters)
    page.get_by_role("link", name="Lees de nieuwe brief").click()
    arrive(page, "Verbetering van de brief")
    expect(page.get_by_text("De naam boven de brief klopte niet.").first).to_be_visible()
    look(page)
    press(page, "Deze brief vrijgeven")
    expect(page.get_by_text("De brief is vrijgegeven.")).to_be_visible()
    expect(page.get_by_role("table", name="Brieven over dit besluit")).to_be_visible()
    look(page)
