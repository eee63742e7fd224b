"""Three people of two organisations write one application to submission: the lead, somebody of a partner, and a helper without a vote (rules 8, 9 and 37).

Another partner declines and is replaced; a text that changes after a partner agreed is agreed to anew, with what is different.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from applications.domain.budget import save_budget
from applications.enums import Status
from applications.models import ApplicationSection
from coalitions.models import Participation
from hubportal.accounts.models import User
from tests.browser import NARROW, WIDE
from tests.database import around_acts
from tests.factories import scenarios
from tests.factories.accounts import UserFactory
from tests.factories.drafts import budget_lines, plan_budget
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in
from tests.journeys.walking import arrive, log_in, look, mailed_address, press

pytestmark = pytest.mark.usefixtures("transactional_db", "first_round")
TOGETHER = "Met de buurt, de huisarts en de school (fictief)."
HELPER, WRITER = "hulp@meeschrijvers.example", "schrijver@meeschrijvers.example"
NEWCOMER = ("Nora Nieuw (fictief)", "nora@nieuwkomer.example")


@dataclass
class Room:
    """A draft of a coalition of three, and the windows of who writes it."""

    case: "scenarios.Case"
    server: LiveServer
    visit: Callable[..., Page]
    lead: Page

    @property
    def address(self) -> str:
        return f"{self.server.url}/aanvragen/{self.case.reference}/"

    def window_of(self, person: User, *, size: object) -> Page:
        page = self.visit(viewport=size)
        log_in(page, self.server, person.email)
        return page

    def text_of(self, key: str) -> str:
        return ApplicationSection.objects.get(application=self.case, spec__key=key).text


@pytest.fixture
def room(live_server: LiveServer, visit: Callable[..., Page]) -> Room:
    with around_acts():
        case = scenarios.written(partners=2)
        UserFactory.create(email=HELPER, full_name="Hanna Hulp (fictief)")
        UserFactory.create(email=WRITER, full_name="Wim Partner (fictief)")
    lead = visit(viewport=WIDE)
    log_in(lead, live_server, case.applicant.email)
    return Room(case, live_server, visit, lead)


def test_three_people_of_two_organisations_write_one_application_to_submission(room: Room) -> None:
    # The project leader is of the first.
    staying, declining = room.case.partners
    helper = _joins(room, HELPER, organisation=None, size=NARROW)
    writer = _joins(room, WRITER, organisation=staying.stated_name, size=WIDE)
    _writes(room, helper, "opgave", "Met de buurt (fictief).")
    _writes(room, writer, "aanpak", "Wij bellen bij iedereen aan (fictief).")
    _meets_a_newer_text(room, helper, writer)
    _declines(room, declining)
    newcomer = _replaces(room, declining)
    for partner in (staying, newcomer):
        _asks(room, partner)
        _agrees(room, partner)
    _changes_afterwards(room, staying, newcomer)
    _submits(room, helper, writer)


def _joins(room: Room, email: str, *, organisation: str | None, size: object) -> Page:
    page, person = room.lead, User.objects.get(email=email)
    page.goto(f"{room.address}meeschrijvers/")
    page.get_by_label("Naam", exact=True).fill(person.full_name)
    page.get_by_label("E-mailadres").fill(email)
    place = page.get_by_label("Voor welke organisatie?")
    if organisation is None:
        place.select_option("")
    else:
        place.select_option(label=organisation)
    press(page, "Verstuur de uitnodiging")
    expect(page.get_by_text(person.full_name).first).to_be_visible()
    theirs = room.window_of(person, size=size)
    theirs.goto(mailed_address(room.server, email, "collaborator_invited"))
    arrive(theirs, "Schrijft u mee?")
    press(theirs, "Ja, ik doe mee")
    expect(theirs.get_by_text("U doet nu mee.")).to_be_visible()
    look(theirs)
    return theirs


def _writes(room: Room, page: Page, key: str, text: str) -> None:
    page.goto(f"{room.address}onderdeel/{key}/")
    page.get_by_role("textbox").fill(text)
    expect(page.locator("[data-save-state]")).to_contain_text("Opgeslagen om")
    assert room.text_of(key) == text


def _meets_a_newer_text(room: Room, helper: Page, writer: Page) -> None:
    """Both write in one paragraph: no word is lost, and both stand in the text that is saved."""
    for page in (helper, writer):
        page.goto(f"{room.address}onderdeel/opgave/")
    _writes_again(writer, "Met de buurt en de huisarts (fictief).")
    helper.get_by_role("textbox").fill("Met de buurt en de school (fictief).")
    expect(helper.locator("[data-save-state]")).to_contain_text("iemand heeft een nieuwere versie opgeslagen")
    press(helper, "Concept opslaan")
    helper.get_by_role("button", name="Beide in één tekst zetten").first.click()
    expect(helper.get_by_text("Er is nog niets opgeslagen").first).to_be_visible()
    box = helper.get_by_role("textbox")
    expect(box).to_have_value(re.compile("huisarts(.|\n)*school"))
    look(helper)
    box.fill(TOGETHER)
    expect(helper.locator("[data-save-state]")).to_contain_text("Opgeslagen om")
    assert room.text_of("opgave") == TOGETHER


def _writes_again(page: Page, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    expect(page.locator("[data-save-state]")).to_contain_text("Opgeslagen om")


def _asks(room: Room, partner: Participation) -> None:
    page = room.lead
    page.goto(f"{room.address}partners/")
    press(page, "Instemming vragen", about=partner.stated_name)
    expect(page.get_by_text("De vraag is onderweg", exact=False)).to_be_visible()


def _answering(room: Room, partner: Participation) -> Page:
    page = room.visit(viewport=NARROW)
    page.goto(mailed_address(room.server, partner.contact_email, "consent_request"))
    arrive(page, "Stemt uw organisatie in?")
    return page


def _declines(room: Room, partner: Participation) -> None:
    _asks(room, partner)
    page = _answering(room, partner)
    page.get_by_label("Nee, wij stemmen niet in").check()
    page.get_by_label("Uw reden, als u niet instemt").fill("Wij stoppen met dit werk (fictief).")
    page.get_by_label("Uw naam").fill(partner.contact_name)
    page.get_by_label("Uw functie").fill("bestuurder")
    press(page, "Antwoord versturen")
    arrive(page, "Bedankt, uw antwoord is bewaard")
    room.lead.goto(f"{room.address}partners/")
    expect(room.lead.get_by_text("Wij stoppen met dit werk (fictief).")).to_be_visible()
    look(room.lead)


def _replaces(room: Room, leaving: Participation) -> Participation:
    """Take a partner out, with its share of the budget, and let another one in."""
    page, coalition = room.lead, room.case.coalition
    _leave_out_of_the_budget(room.case, leaving)
    page.goto(f"{room.address}partners/")
    page.get_by_role("link", name=re.compile(f"^Verwijderen *: *{re.escape(leaving.stated_name)}$")).click()
    arrive(page, re.compile(re.escape(leaving.stated_name)))
    press(page, "Ja, verwijderen")
    expect(page.get_by_text(leaving.stated_name).first).to_be_visible()
    with around_acts():
        organisation = organisation_in(coalition.region, name="Vereniging Nieuwkomer (fictief)")
    page.goto(f"{room.server.url}/coalities/{coalition.pk}/partner-toevoegen/")
    page.get_by_role("textbox", name="KvK-nummer", exact=True).fill(organisation.kvk_number)
    page.get_by_label("Naam van de organisatie").fill(organisation.name)
    page.get_by_label("Rechtsvorm").select_option(organisation.legal_form)
    page.get_by_label("Gemeente van vestiging").select_option(label=organisation.municipality.name)
    page.get_by_label("Naam van de contactpersoon").fill(NEWCOMER[0])
    page.get_by_label("E-mailadres van de contactpersoon").fill(NEWCOMER[1])
    press(page, "Deze partner toevoegen")
    expect(page.get_by_text(f"{organisation.name} zit nu in de coalitie.")).to_be_visible()
    room.case.partners = list(coalition.participations.filter(is_lead=False))
    with around_acts():
        plan_budget(room.case, 48_000)
    return Participation.objects.get(coalition=coalition, organisation=organisation)


def _leave_out_of_the_budget(case: "scenarios.Case", leaving: Participation) -> None:
    with around_acts():
        case.refresh_from_db()
        save_budget(
            application_id=case.pk,
            lines=[each for each in budget_lines(case, 47_000) if each.participation != leaving],
            seen_version=case.budget_version,
            actor=case.applicant,
            at=AT,
        )


def _agrees(room: Room, partner: Participation) -> None:
    page = _answering(room, partner)
    page.get_by_label("Ja, wij stemmen in").check()
    page.get_by_label("Uw naam").fill(partner.contact_name)
    page.get_by_label("Uw functie").fill("directeur")
    press(page, "Antwoord versturen")
    arrive(page, "Bedankt, uw antwoord is bewaard")


def _changes_afterwards(room: Room, *partners: Participation) -> None:
    """A text changes after everybody agreed: the lead sees since when, and what; they agree anew to that."""
    page = room.lead
    page.goto(f"{room.address}onderdeel/aanpak/")
    _writes_again(page, "Wij bellen bij iedereen aan, en wij luisteren (fictief).")
    page.goto(f"{room.address}partners/")
    page.get_by_role(
        "link", name=re.compile("^Bekijk wat er sinds het vorige antwoord is veranderd")
    ).first.click()
    expect(page.locator("ins", has_text="luisteren").first).to_be_visible()
    look(page)
    for partner in partners:
        page.goto(f"{room.address}partners/")
        press(page, "Opnieuw vragen", about=partner.stated_name)
        _agrees(room, partner)


def _submits(room: Room, helper: Page, writer: Page) -> None:
    for page in (helper, writer):
        assert page.goto(f"{room.address}indienen/").status in {404, 405}
        page.goto(room.address)
        expect(page.get_by_role("button", name="Indienen voor ronde 1")).to_have_count(0)
    page = room.lead
    page.goto(f"{room.address}controleren/")
    page.get_by_role("button", name="Indienen voor ronde 1").click()
    expect(page.get_by_role("heading", name="Uw ontvangstbevestiging")).to_be_visible()
    room.case.refresh_from_db()
    assert room.case.status == Status.SUBMITTED
    # What they helped to write stands there; it opens nothing for them any more but what became of it.
    helper.goto(f"{room.address}onderdeel/opgave/")
    expect(helper.get_by_role("heading", level=1)).to_have_text("Deze pagina bestaat niet")
