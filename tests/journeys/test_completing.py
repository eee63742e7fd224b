"""An officer asks to complete an application; two people of the lead answer it together; a reviewer reads it beside (rule 41)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from completions.models import CompletionRequest
from tests.browser import NARROW, WIDE
from tests.factories.completing import ASKED_AT, LAST_DAY, POINTS, open_to_officer
from tests.factories.documents import letter_pdf
from tests.factories.organisations import speaker_for
from tests.factories.scenarios import committee
from tests.journeys.authenticator import log_in_with_code
from tests.journeys.walking import arrive, follow, log_in, look, press
from tests.pages import at_moment

pytestmark = pytest.mark.usefixtures("transactional_db", "second_factor")


@pytest.mark.parametrize("window", [NARROW, WIDE], ids=["360", "1280"])
def test_an_application_is_completed(
    live_server: LiveServer, visit: Callable[..., Page], window: ViewportSize, tmp_path: Path
) -> None:
    case = open_to_officer()
    officer, colleague = committee().officer, speaker_for(case.coalition.lead_organisation)
    offer = tmp_path / "Offerte.pdf"
    offer.write_bytes(letter_pdf())
    with at_moment(ASKED_AT):
        desk = visit(viewport=window)
        log_in_with_code(desk, live_server, officer)
        _ask(desk, live_server, case.reference)
        own, other = visit(viewport=window), visit(viewport=window)
        log_in(own, live_server, case.applicant.email)
        _answer_first(own, offer)
        log_in(other, live_server, colleague.email)
        _meet(other, own)
        _send(own)
        desk.reload()
        expect(desk.get_by_text("Voor twee bedachte zalen.")).to_be_visible()
        follow(desk, "Lees de aanvraag")
        expect(desk.get_by_text("Van een collega: Vera Voorbeeld.")).to_be_visible()
        look(desk)
    assert CompletionRequest.objects.get().state == "sent"


def _ask(page: Page, server: LiveServer, reference: str) -> None:
    page.goto(f"{server.url}/beheer/aanvragen/{reference}/")
    follow(page, "Vraag om deze aanvraag aan te vullen")
    arrive(page, "Vraag om deze aanvraag aan te vullen")
    page.get_by_label("Laatste dag om aan te vullen").fill(LAST_DAY.isoformat())
    for number, (_about, question) in enumerate(POINTS, start=1):
        page.get_by_label(f"Punt {number}: wat ontbreekt er?").fill(question)
    page.get_by_label("Punt 1 gaat over").select_option("Begroting")
    page.get_by_label("Laatste dag om aan te vullen").press("Enter")
    # Enter asks nothing yet.
    expect(page.get_by_text("Opgeslagen als concept. Er is nog niets gevraagd.")).to_be_visible()
    press(page, "Controleer en vraag")
    arrive(page, "Dit aan de aanvragers vragen?")
    press(page, "Ja, vraag dit")
    expect(page.get_by_text("De vraag is gesteld.")).to_be_visible()
    look(page)


def _answer_first(page: Page, offer: Path) -> None:
    page.wait_for_url("**/start/")
    page.get_by_role("link", name="Vul de aanvraag aan:").first.click()
    arrive(page, "Vul uw aanvraag aan")
    answer = page.get_by_label("Uw antwoord op punt 1")
    page.context.set_offline(True)
    answer.fill("Voor twee bedachte zalen.")
    expect(page.locator("[data-save-state]")).to_contain_text("geen verbinding")
    page.context.set_offline(False)
    expect(page.locator("[data-save-state]")).to_contain_text("Opgeslagen om")
    follow(page, "Voeg een pdf toe bij punt 1")
    arrive(page, "Bestanden bij punt 1")
    page.get_by_label("Pdf-bestand").set_input_files(offer)
    press(page, "Voeg dit bestand toe")
    expect(page.get_by_role("link", name="Offerte.pdf")).to_be_visible()
    follow(page, "Terug naar wat u schreef")
    arrive(page, "Vul uw aanvraag aan")


def _meet(other: Page, own: Page) -> None:
    """Let a colleague answer the second point while the first window stands open, and both meet."""
    other.wait_for_url("**/start/")
    other.get_by_role("link", name="Vul de aanvraag aan:").first.click()
    other.get_by_label("Uw antwoord op punt 2").fill("Van een collega: Vera Voorbeeld.")
    press(other, "Opslaan en later verdergaan")
    expect(other.get_by_text("Opgeslagen. Er is nog niets verstuurd.")).to_be_visible()
    own.bring_to_front()
    own.get_by_label("Uw antwoord op punt 2").fill("Iemand anders.")
    press(own, "Opslaan en later verdergaan")
    expect(own.get_by_role("heading", name="Er is al een nieuwere versie opgeslagen")).to_be_visible()
    look(own)
    own.get_by_role("link", name="Houden wat is opgeslagen").first.click()
    expect(own.get_by_label("Uw antwoord op punt 2")).to_have_value("Van een collega: Vera Voorbeeld.")


def _send(page: Page) -> None:
    press(page, "Controleer en verstuur")
    arrive(page, "Uw aanvulling versturen?")
    press(page, "Ja, verstuur het")
    arrive(page, "Vul uw aanvraag aan")
    expect(page.get_by_text("Het blijft zoals het is.")).to_be_visible()
