"""Two people of one organisation write one draft: each sees the other, they comment, and an earlier version is put back (rules 22 and 32)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from applications.domain.drafting import save_section
from applications.models import Comment
from tests.browser import NARROW, WIDE
from tests.database import around_acts
from tests.factories import scenarios
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.journeys.walking import arrive, follow, log_in, look, press

pytestmark = pytest.mark.usefixtures("transactional_db", "first_round")
KEY = "opgave"


@pytest.fixture
def case() -> "scenarios.Case":
    with around_acts():
        return scenarios.started(partners=1)


def test_two_people_of_one_organisation_write_and_talk_about_it(
    case: "scenarios.Case", live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    with around_acts():
        colleague = speaker_for(case.lead, full_name="Cor Collega (fictief)")
    save_section(
        reference=case.reference,
        key=KEY,
        text="Wij gaan op pad.",
        seen_version=0,
        actor=case.applicant,
        at=AT,
    )
    mine, theirs = visit(viewport=WIDE), visit(viewport=NARROW)
    address = f"{live_server.url}/aanvragen/{case.reference}/onderdeel/{KEY}/"
    for page, person in ((mine, case.applicant), (theirs, colleague)):
        log_in(page, live_server, person.email)
        expect(page).not_to_have_url(f"{live_server.url}/account/login/")
        page.goto(address)
    expect(theirs.locator("[data-others-here]")).to_contain_text(case.applicant.full_name)

    # The colleague writes over it, and says why.
    theirs.get_by_role("textbox").fill("Wij gaan met de buurt op pad.")
    expect(theirs.locator("[data-save-state]")).to_contain_text("Opgeslagen om")
    title = theirs.get_by_role("heading", level=1).inner_text()
    follow(theirs, "Opmerkingen: zeg iets tegen wie met u meeschrijft")
    arrive(theirs, f"Opmerkingen bij “{title}”")
    theirs.get_by_label("Waar gaat het over?").select_option(label="Wij gaan met de buurt op pad.")
    theirs.get_by_label("Uw opmerking").fill("Zonder de buurt klopt het niet.")
    # The tab is closed and opened again: nothing typed is lost.
    theirs.reload()
    expect(theirs.get_by_label("Uw opmerking")).to_have_value("Zonder de buurt klopt het niet.")
    look(theirs)
    press(theirs, "Opmerking plaatsen")
    expect(theirs.locator("blockquote")).to_have_text("Wij gaan met de buurt op pad.")
    expect(theirs.get_by_label("Uw opmerking")).to_have_value("")
    look(theirs)

    # The applicant compares, puts the earlier text back, and answers.
    mine.goto(address)
    expect(mine.locator("[data-others-here]")).to_contain_text("Cor Collega")
    follow(mine, "Eerdere versies: bekijken, vergelijken en terugzetten")
    arrive(mine, f"Versies van “{title}”")
    mine.get_by_role("link", name="Bekijken of terugzetten").first.click()
    press(mine, "Zet deze versie terug")
    expect(mine.get_by_role("textbox")).to_have_value("Wij gaan op pad.")
    follow(mine, "Opmerkingen: 1 staat open")
    expect(mine.get_by_text("Dit is daarna gewijzigd of weggehaald.")).to_be_visible()
    mine.get_by_role("link", name="Antwoorden").click()
    arrive(mine, "Op een opmerking antwoorden")
    mine.get_by_label("Uw antwoord").fill("De buurt komt in de volgende alinea.")
    press(mine, "Antwoord plaatsen")

    # Who did not read the answer resolves nothing; then the colleague does.
    theirs.get_by_role("button", name="Dit is opgelost").click()
    expect(theirs.get_by_text("Iemand antwoordde nadat u deze pagina opende.")).to_be_visible()
    theirs.get_by_role("button", name="Dit is opgelost").click()
    expect(theirs.get_by_text("Opgelost volgens Cor Collega (fictief)")).to_be_visible()
    look(theirs)
    assert Comment.objects.get(thread=None).resolved_by == colleague
