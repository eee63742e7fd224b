"""A project leader goes on with the draft of somebody who left: asked with proof, everybody warned, given after the wait (rule 41)."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from applications.models import ApplicationSection
from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from takeovers.domain.waiting import begin_wait
from takeovers.models import Takeover
from tests.browser import NARROW, WIDE
from tests.database import around_acts
from tests.factories import scenarios
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT
from tests.factories.organisations import office
from tests.factories.taking_over import DECIDE_AT, PROOF, claim_by, claimant
from tests.journeys.authenticator import log_in_with_code
from tests.journeys.walking import arrive, follow, log_in, look, press
from tests.pages import at_moment

pytestmark = pytest.mark.usefixtures("transactional_db", "second_factor")
WRITTEN = "Verder met wat er al stond (fictief)."


@pytest.mark.parametrize("window", [NARROW, WIDE], ids=["narrow", "wide"])
def test_a_project_leader_goes_on_with_what_somebody_left(
    live_server: LiveServer, visit: Callable[..., Page], window: ViewportSize, tmp_path: Path
) -> None:
    with around_acts():
        case = scenarios.written()
        newcomer, officer = claimant(case), office()
    proof = tmp_path / "Brief van het bestuur.pdf"
    proof.write_bytes(letter_pdf())
    with at_moment(AT):
        page = visit(viewport=window)
        log_in(page, live_server, newcomer.email)
        page.goto(f"{live_server.url}/aanvragen/{case.reference}/")
        expect(page.get_by_role("heading", level=1)).not_to_have_text(case.title)
        _ask(page, live_server, newcomer, region=case.coalition.region.name, proof=proof)
        takeover = _warned()
    assert OutgoingMail.objects.filter(recipient=case.applicant.email, kind="takeover_asked").exists()
    with at_moment(DECIDE_AT + timedelta(hours=1)):
        desk = visit(viewport=window)
        log_in_with_code(desk, live_server, officer)
        _give(desk, live_server, takeover, newcomer)
        page.context.clear_cookies()
        log_in(page, live_server, newcomer.email)
        page.goto(f"{live_server.url}/aanvragen/{case.reference}/onderdeel/opgave/")
        page.get_by_role("textbox").fill(WRITTEN)
        expect(page.locator("[data-save-state]")).to_contain_text("Opgeslagen om")
        page.goto(f"{live_server.url}/aanvragen/{case.reference}/contactpersoon/")
        expect(page.get_by_role("main")).to_contain_text(newcomer.full_name)
        look(page)
    assert ApplicationSection.objects.get(application=case, spec__key="opgave").text == WRITTEN


def _ask(page: Page, server: LiveServer, person: User, *, region: str, proof: Path) -> None:
    page.goto(f"{server.url}/organisaties/vertegenwoordigers/{claim_by(person).pk}/aanvraag-overnemen/")
    arrive(page, "Vraag om de aanvraag van een collega die weg is")
    text = page.get_by_label("Wie bent u, en waarom kan uw collega het niet zelf doen?")
    text.fill(PROOF)
    # The tab is closed and opened again: nothing typed is lost.
    page.reload()
    expect(text).to_have_value(PROOF)
    page.get_by_label("In welke regio is de aanvraag?").select_option(label=region)
    page.get_by_label("Bewijs, als pdf-bestand").set_input_files(proof)
    page.get_by_role("button", name="Verstuur mijn verzoek").dblclick()
    expect(page.get_by_role("heading", name="Wij hebben uw verzoek ontvangen")).to_be_visible()
    look(page)
    assert Takeover.objects.count() == 1


def _warned() -> Takeover:
    with around_acts():
        takeover = Takeover.objects.get()
        begin_wait(takeover_id=takeover.pk, at=AT)
    return takeover


def _give(page: Page, server: LiveServer, takeover: Takeover, person: User) -> None:
    page.goto(f"{server.url}/beheer/overnames/{takeover.pk}/")
    expect(page.get_by_text(PROOF)).to_be_visible()
    look(page)
    follow(page, "Geef het dossier")
    arrive(page, f"Het dossier aan {person.full_name} geven?")
    page.get_by_label("Waarom geeft u het dossier?").fill("Gebeld met het nummer in het register (fictief).")
    press(page, "Ja, geven")
    expect(page.get_by_role("main")).to_contain_text(person.full_name)
