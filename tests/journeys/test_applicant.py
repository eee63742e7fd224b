"""A coalition applies: from registering to a signed application, with everybody who takes part."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from applications.models import Application
from applications.tasks import produce_receipts_task
from calls.models import Call
from hubportal.audit.models import AuditEvent
from tests.browser import NARROW, WIDE
from tests.factories.organisations import confirm_pending
from tests.journeys.walking import (
    arrive,
    budget_line,
    follow,
    follow_in_menu,
    look,
    mailed_address,
    press,
    sweep,
)

pytestmark = pytest.mark.usefixtures("reference_data", "first_round")
ANNA = ("Anna Appel (fictief)", "anna@aanvrager.example", "een heel lang wachtwoord 7")
LEAD, PARTNER = "Stichting Achterhoek Praat Mee (fictief)", "Vereniging Dorpsraden (fictief)"
COALITION, TITLE = "Achterhoek samen (fictief)", "Meepraten in de Achterhoek"
SIGNATORY, PARTNER_CONTACT = (
    ("Bas Bestuur (fictief)", "bas@aanvrager.example"),
    ("Coby Contact (fictief)", "coby@partner.example"),
)
HUB = "Coalitievorming regionale participatiehubs"
WINDOWS = {
    "wide": {"viewport": WIDE},
    "narrow": {"viewport": NARROW},
    # A telephone of years ago, or a page at four times its size (WCAG 1.4.10).
    "narrowest": {"viewport": {"width": 320, "height": 568}},
    "without scripts": {"viewport": WIDE, "java_script_enabled": False},
}


@dataclass
class Applying:
    """One journey of an applicant: her window, and windows of people who get a mail."""

    page: Page
    visit: Callable[..., Page]
    server: LiveServer
    window: dict[str, Any]
    reference: str = ""

    @property
    def has_scripts(self) -> bool:
        return bool(self.window.get("java_script_enabled", True))

    def open_mail(self, recipient: str, kind: str) -> Page:
        """Follow the link in the last mail to somebody, in a browser of that person."""
        page = self.visit(**self.window)
        page.goto(mailed_address(self.server, recipient, kind))
        return page


@pytest.mark.parametrize("window", WINDOWS)
def test_coalition_applies_from_registering_to_the_last_signature(
    live_server: LiveServer, visit: Callable[..., Page], window: str
) -> None:
    walk = Applying(visit(**WINDOWS[window]), visit, live_server, WINDOWS[window])
    _register(walk)
    _add_organisation(walk)
    _start_coalition(walk)
    _invite_partner(walk)
    _start_application(walk)
    _write(walk)
    _plan_budget(walk)
    confirm_pending()
    _see_what_is_missing(walk)
    _partner_agrees(walk)
    _submit(walk)
    _sign(walk)
    _signatory_signs(walk)
    _download_receipt(walk)


def _register(walk: Applying) -> None:
    page, (name, email, password) = walk.page, ANNA
    page.goto(walk.server.url)
    follow_in_menu(page, "Account maken")
    arrive(page, "Account maken")
    page.get_by_label("Uw naam").fill(name)
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Wachtwoord", exact=True).fill(password)
    page.get_by_label("Wachtwoord (bevestigen)").fill(password)
    press(page, "Account maken")
    arrive(page, "Bekijk uw e-mail")
    page.goto(mailed_address(walk.server, email))
    arrive(page, "Bevestig uw e-mailadres")
    press(page, "Ja, bevestigen")
    # In the browser in which one registered.
    expect(page.get_by_text(f"U hebt {email} bevestigd.")).to_be_visible()


def _add_organisation(walk: Applying) -> None:
    page = walk.page
    arrive(page, f"Welkom, {ANNA[0]}")
    follow(page, "Mijn organisatie toevoegen")
    arrive(page, "Mijn organisatie toevoegen")
    page.get_by_role("textbox", name="KvK-nummer", exact=True).fill("90001234")
    page.get_by_label("Naam van de organisatie").fill(LEAD)
    page.get_by_label("Rechtsvorm").select_option("stichting")
    page.get_by_label("Gemeente van vestiging").select_option("Doetinchem")
    press(page, "Deze organisatie toevoegen")
    expect(page.get_by_text(f"{LEAD} staat nu bij uw account.")).to_be_visible()


def _start_coalition(walk: Applying) -> None:
    page = walk.page
    page.goto(f"{walk.server.url}/coalities/")
    arrive(page, "Mijn coalities")
    follow(page, "Coalitie starten")
    arrive(page, "Coalitie starten")
    page.get_by_label("Postcode, plaats, gemeente of regio").fill("7001")
    press(page, "Zoeken")
    arrive(page, "Coalitie starten in Arnhem")
    page.get_by_label("Naam van de coalitie").fill(COALITION)
    press(page, "Deze coalitie starten")
    arrive(page, COALITION)


def _invite_partner(walk: Applying) -> None:
    page = walk.page
    follow(page, "Partner toevoegen")
    arrive(page, "Partner toevoegen")
    page.get_by_role("textbox", name="KvK-nummer", exact=True).fill("90005678")
    page.get_by_label("Naam van de organisatie").fill(PARTNER)
    page.get_by_label("Rechtsvorm").select_option("vereniging met volledige rechtsbevoegdheid")
    page.get_by_label("Gemeente van vestiging").select_option("Zutphen")
    page.get_by_label("Naam van de contactpersoon").fill(PARTNER_CONTACT[0])
    page.get_by_label("E-mailadres van de contactpersoon").fill(PARTNER_CONTACT[1])
    press(page, "Deze partner toevoegen")
    # Its seat lies in the region next to this one, so that somebody has to say that it works here.
    works_here = page.get_by_label("Deze organisatie werkt in de regio Arnhem")
    expect(works_here).to_have_attribute("aria-invalid", "true")
    arrive(page, "Partner toevoegen")
    works_here.check()
    press(page, "Deze partner toevoegen")
    arrive(page, COALITION)
    expect(page.get_by_text(f"{PARTNER} zit nu in de coalitie.")).to_be_visible()


def _start_application(walk: Applying) -> None:
    page = walk.page
    follow(page, "Aanvraag starten")
    arrive(page, "Aanvraag starten")
    press(page, "Concept starten", about=HUB)
    arrive(page, re.compile("."))
    walk.reference = Application.objects.get().reference


def _step(walk: Applying, title: str) -> None:
    walk.page.get_by_role("navigation", name="Stappen van deze aanvraag").get_by_role(
        "link", name=title, exact=True
    ).click()
    arrive(walk.page, title)


def _write(walk: Applying) -> None:
    page = walk.page
    _step(walk, "Titel en data")
    page.get_by_label("Titel van het project").fill(TITLE)
    page.get_by_label("Eerste dag van het project").fill("2024-09-02")
    page.get_by_label("Duur in hele maanden").fill("6")
    press(page, "Concept opslaan en verder")
    arrive(page, "Betrokkenen")
    _name_people(page)
    press(page, "Concept opslaan en verder")
    arrive(page, "Partners en instemming")
    for number, spec in enumerate(Call.objects.get().sections.all()):
        _step(walk, spec.title)
        text = f"Wij werken met elkaar aan {spec.title.lower()}."
        if number == 0 and walk.has_scripts:
            _see_it_saved_while_typing(page, text)
        else:
            page.get_by_role("textbox").fill(text)
        press(page, "Concept opslaan en verder")
        expect(page.get_by_role("heading", level=1)).not_to_have_text(spec.title)


def _see_it_saved_while_typing(page: Page, text: str) -> None:
    state = page.locator("[data-save-state]")
    saving: list[Route] = []

    def hold(route: Route) -> None:
        saving.append(route)

    # Held on its way, so that what is said meanwhile is there to be seen.
    page.route("**/onderdeel/**", hold, times=1)
    page.get_by_role("textbox").fill(text)
    expect(state).to_have_text("Bezig met opslaan…")
    saving.pop().continue_()
    expect(state).to_have_text(re.compile(r"^Opgeslagen om \d\d:\d\d"))
    look(page)
    _take_back_what_was_typed(page, text)
    page.reload()
    expect(page.get_by_role("textbox")).to_have_value(text)


def _take_back_what_was_typed(page: Page, text: str) -> None:
    """What is on the page says at each moment how long the text is, and whether the server has it."""
    state, length, box = (
        page.locator("[data-save-state]"),
        page.locator("[data-length]"),
        page.get_by_role("textbox"),
    )
    expect(length).to_have_text(re.compile(rf"^{len(text)} tekens van hoogstens"))
    page.route("**/onderdeel/**", lambda route: route.abort())
    box.press("End")
    box.press("!")
    expect(state).to_have_text("Nog niet opgeslagen")
    expect(length).to_have_text(re.compile(rf"^{len(text) + 1} tekens van hoogstens"))
    box.press("Backspace")
    expect(state).to_have_text(re.compile(r"^Opgeslagen om \d\d:\d\d"))
    expect(length).to_have_text(re.compile(rf"^{len(text)} tekens van hoogstens"))
    page.unroute("**/onderdeel/**")


def _name_people(page: Page) -> None:
    main, signatory, leader = (
        page.get_by_role("group", name=name)
        for name in ("Hoofdaanvrager", "Bestuurlijk verantwoordelijke", "Projectleider")
    )
    for group, (name, email), organisation in (
        (main, ANNA[:2], LEAD),
        (signatory, SIGNATORY, LEAD),
        (leader, PARTNER_CONTACT, PARTNER),
    ):
        group.get_by_label("Naam").fill(name)
        group.get_by_label("E-mailadres").fill(email)
        group.get_by_label("Organisatie").select_option(organisation)
    signatory.get_by_label("Functie").fill("voorzitter")
    letter = page.get_by_role("group", name="De brief met ons besluit")
    letter.get_by_label("Straat en huisnummer").fill("Voorbeeldstraat 1")
    letter.get_by_label("Postcode").fill("1234ab")
    letter.get_by_label("Plaats").fill("Voorbeelddorp")
    letter.get_by_label("Hoe wilt u de brief").select_option(
        "Per e-mail, als pdf: u krijgt geen brief op papier"
    )


def _plan_budget(walk: Applying) -> None:
    page = walk.page
    _step(walk, "Begroting")
    lines = (
        ("Personeel", LEAD, "Coördinatie", "38.500,50"),
        ("Personeel", PARTNER, "Uren", "12.000"),
        ("Bijdragen van derden", LEAD, "Gemeente", "€ 2.500,00"),
    )
    for number, (heading, organisation, purpose, amount) in enumerate(lines, start=1):
        line = budget_line(page, number)
        line.get_by_label("Post").select_option(heading)
        line.get_by_label("Organisatie").select_option(organisation)
        line.get_by_label("Waarvoor").fill(purpose)
        line.get_by_label("Bedrag").fill(amount)
    press(page, "Concept opslaan")
    expect(page.get_by_role("row", name="U vraagt")).to_contain_text("48.000,50")
    look(page)


def _see_what_is_missing(walk: Applying) -> None:
    page = walk.page
    _step(walk, "Controleren en indienen")
    expect(page.get_by_role("heading", name="U kunt nog niet indienen. Nog nodig:")).to_be_visible()
    expect(page.get_by_role("button", name="Indienen voor ronde 1")).to_have_count(0)
    follow(page, f"Vraag {PARTNER} om instemming.")
    arrive(page, "Partners en instemming")
    press(page, "Instemming vragen", about=PARTNER)
    expect(page.get_by_text("Gevraagd, nog geen antwoord")).to_be_visible()
    look(page)


def _partner_agrees(walk: Applying) -> None:
    page = walk.open_mail(PARTNER_CONTACT[1], "consent_request")
    arrive(page, "Stemt uw organisatie in?")
    expect(page.get_by_text("Wij werken met elkaar aan de regio.")).to_be_visible()
    page.get_by_label("Ja, wij stemmen in").check()
    page.get_by_label("Uw naam").fill(PARTNER_CONTACT[0])
    page.get_by_label("Uw functie").fill("directeur")
    press(page, "Antwoord versturen")
    arrive(page, "Bedankt, uw antwoord is bewaard")


def _see_all_of_the_budget(page: Page) -> None:
    """Each line says its organisation and amount, in a narrow window too, and it stays a table."""
    table = page.get_by_role("table", name="Kosten en bijdragen")
    expect(table.get_by_role("columnheader")).to_have_text(["Waarvoor", "Post", "Organisatie", "Bedrag"])
    line, total = table.get_by_role("row", name="Coördinatie"), table.get_by_role("row", name="Totaal")
    width = page.evaluate("document.documentElement.clientWidth")
    for cell in [*line.get_by_role("cell").all(), *total.get_by_role("cell").all()]:
        expect(cell).to_be_visible()
        box = cell.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width
    expect(line).to_contain_text("38.500,50")
    expect(total).to_contain_text("48.000,50")


def _submit(walk: Applying) -> None:
    page = walk.page
    _step(walk, "Controleren en indienen")
    _see_all_of_the_budget(page)
    follow(page, "Direct naar het indienen")
    expect(page.get_by_role("button", name="Indienen voor ronde 1")).to_be_in_viewport()
    page.get_by_role("button", name="Indienen voor ronde 1").dblclick()
    arrive(page, TITLE)
    expect(page.get_by_role("heading", name="Uw ontvangstbevestiging")).to_be_visible()
    expect(page.get_by_text("Ingediend op 1 mei 2024 om")).to_be_visible()
    expect(page.get_by_text(walk.reference).first).to_be_visible()
    assert AuditEvent.objects.filter(act="applications.submitted").count() == 1


def _sign(walk: Applying) -> None:
    page = walk.page
    follow(page, "Nu ondertekenen")
    arrive(page, "Verklaring ondertekenen")
    page.get_by_label("Ik heb de verklaring gelezen en onderteken deze").check()
    page.get_by_label("Uw functie").fill("projectmedewerker")
    press(page, "Ondertekenen")
    arrive(page, TITLE)
    expect(page.get_by_text("U hebt de verklaring ondertekend.")).to_be_visible()
    expect(page.get_by_text("De link werkt tot")).to_be_visible()
    look(page)


def _signatory_signs(walk: Applying) -> None:
    page = walk.open_mail(SIGNATORY[1], "signature_request")
    arrive(page, "Verklaring ondertekenen")
    page.get_by_label("Ik heb de verklaring gelezen en onderteken deze").check()
    page.get_by_label("Uw volledige naam").fill(SIGNATORY[0])
    press(page, "Ondertekenen")
    arrive(page, "Bedankt, uw handtekening is bewaard")


def _download_receipt(walk: Applying) -> None:
    page = walk.page
    sweep(produce_receipts_task)
    page.reload()
    arrive(page, TITLE)
    expect(page.get_by_text("Beide handtekeningen zijn er.")).to_be_visible()
    with page.expect_download() as download:
        follow(page, "Ontvangstbevestiging downloaden (pdf)")
    assert download.value.suggested_filename == f"ontvangstbevestiging-{walk.reference}.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-1.7")
