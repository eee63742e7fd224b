"""A coalition asks the kwartiermaker, who proposes ticked rows of the map; one is asked as a partner, and a question becomes a goal."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from applications.models import ApplicationSection
from calls.models import Call
from mapping.models import ParticipationQuestion
from matching.models import PartnerProposal
from organisations.streams import Stream
from regions.models import Region
from tests.browser import WIDE
from tests.factories import scenarios
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in
from tests.journeys.test_grid import cell, mapper, open_grid
from tests.journeys.walking import arrive, follow, log_in, press

pytestmark = pytest.mark.usefixtures("reference_data", "first_round", "second_factor")
PUBLIC = "Bewonerskring Bedacht (fictief)"
QUESTION = "Hoe praten bewoners mee over zorg in de wijk? (fictief)"


@pytest.fixture
def region() -> Region:
    return Region.objects.get(name="Zwolle")


@pytest.fixture
def case(region: Region) -> "scenarios.Case":
    call = Call.objects.get(slug="coalitievorming-2024")
    return scenarios.started(
        call=call, region=region, partners=0, coalition_name="Coalitie Bedacht (fictief)"
    )


def test_invite_from_the_map(
    live_server: LiveServer, visit: Callable[..., Page], region: Region, case: "scenarios.Case"
) -> None:
    organisation_in(
        region,
        name=PUBLIC,
        published_at=AT,
        streams=[Stream.RESIDENTS.value],
        public_contact="info@bewonerskring.example",
    )
    page, other = visit(), visit(viewport=WIDE)
    log_in(page, live_server, case.applicant.email)
    arrive(page, re.compile("^Welkom"))
    _ask_for_help(page, live_server, case)
    _propose(other, live_server, region, mapper(region))
    _ask_as_a_partner(page)
    assert case.coalition.participations.get(is_lead=False).contact_email == "info@bewonerskring.example"


def _ask_for_help(page: Page, server: LiveServer, case: "scenarios.Case") -> None:
    page.goto(server.url + reverse("coalitions:detail", args=[case.coalition_id]))
    follow(page, "Partners kiezen van de kaart")
    arrive(page, "Partners van de kaart")
    follow(page, "Vraag de kwartiermaker van de regio om partners voor te stellen")
    arrive(page, "De kwartiermaker om hulp vragen")
    page.get_by_label("Wat zoekt u?").fill("Bewoners die meepraten.")
    press(page, "Vraag het de kwartiermaker")
    arrive(page, "Partners van de kaart")


def _propose(page: Page, server: LiveServer, region: Region, user: object) -> None:
    open_grid(page, server, region, user)  # type: ignore[arg-type]
    cell(page, PUBLIC, "name").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name=f"Aanvinken: {PUBLIC}")).to_be_checked()
    press(page, "Stel de aangevinkte rijen voor aan een coalitie")
    arrive(page, "Voorstellen als partners")
    page.get_by_label("Coalitie Bedacht (fictief)").check()
    page.get_by_label("Waarom passen deze organisaties bij de coalitie?").fill("Kent iedereen in de wijk.")
    press(page, "Voorstellen")
    arrive(page, "Coalities die om hulp vragen")
    expect(page.get_by_text("Bewoners die meepraten.")).to_be_visible()
    assert PartnerProposal.objects.get().organisation.name == PUBLIC


def _ask_as_a_partner(page: Page) -> None:
    page.reload()
    expect(page.get_by_text("De kwartiermaker schrijft: Kent iedereen in de wijk.")).to_be_visible()
    expect(page.get_by_role("region", name="Wat uw coalitie nog mist")).to_contain_text("Burgerparticipatie")
    page.get_by_role("link", name=re.compile(r"^Vraag als partner\s*:")).first.click()
    arrive(page, f"{PUBLIC} vragen als partner")
    page.get_by_label("Naam van de contactpersoon").fill("Bo Bewoner (fictief)")
    press(page, "Deze partner toevoegen")
    arrive(page, "Partners van de kaart")
    expect(page.get_by_text("doet mee, nog niet gevraagd om instemming").first).to_be_visible()
    expect(page.get_by_role("region", name="Wat uw coalitie nog mist")).not_to_contain_text(
        "Burgerparticipatie"
    )


def test_a_question_of_the_region_becomes_a_goal_with_what_was_typed(
    live_server: LiveServer, visit: Callable[..., Page], region: Region, case: "scenarios.Case"
) -> None:
    ParticipationQuestion.objects.create(region=region, title=QUESTION, is_public=True, created_at=AT)
    page = visit()
    log_in(page, live_server, case.applicant.email)
    arrive(page, re.compile("^Welkom"))
    page.goto(live_server.url + reverse("applications:section", args=[case.reference, "opgave"]))
    arrive(page, "De opgave")
    text = page.get_by_role("textbox")
    text.fill("Dit wilden wij al.")
    press(page, "Zet in mijn tekst", about=QUESTION)
    expect(text).to_have_value(f"Dit wilden wij al.\n\n{QUESTION}")
    arrive(page, "De opgave")
    text.fill(f"Dit wilden wij al.\n\n{QUESTION}\n\nEn wij beginnen morgen.")
    press(page, "Haal uit mijn tekst", about=QUESTION)
    expect(text).to_have_value("Dit wilden wij al.\n\nEn wij beginnen morgen.")
    expect(page.get_by_text("Dit vraagstuk is hier geen doel meer.")).to_be_visible()
    assert ApplicationSection.objects.get().text == "Dit wilden wij al.\n\nEn wij beginnen morgen."
