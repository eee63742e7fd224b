"""The office advises, decides and releases; the applicant gets the letter and anybody can verify it."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from decisions.tasks import produce_letters_task
from hubportal.accounts.models import User
from letters.tasks import bundle_post_task, print_letters_task
from tests.factories.scenarios import after_deadline, committee, decided, open_to, reviewed
from tests.journeys.authenticator import log_in_with_code
from tests.journeys.walking import arrive, follow, log_in, look, press, sweep
from tests.pages import at_moment

pytestmark = pytest.mark.usefixtures("transactional_db", "second_factor")


def test_office_decides_and_anybody_verifies_the_letter(
    live_server: LiveServer, visit: Callable[..., Page], tmp_path: Path
) -> None:
    case = reviewed()
    office = committee()
    open_to(case, office.chair, office.officer, office.releaser, at=after_deadline(case, days=15))

    def as_person(user: User) -> Page:
        page = visit()
        log_in_with_code(page, live_server, user)
        follow(page, "Beheer")
        arrive(page, "Wat er op u wacht")
        return page

    def after(days: int) -> datetime:
        return after_deadline(case, days=days)

    with at_moment(after(21)):
        _fix_advice(as_person(office.chair), case.reference)
    with at_moment(after(28)):
        _decide(as_person(office.officer), case.reference)
    with at_moment(after(30)):
        page = as_person(office.releaser)
        _release(page, case.reference)
        sweep(produce_letters_task)
        page.reload()
        expect(page.get_by_role("link", name="De brief downloaden (pdf)")).to_be_visible()
        look(page)
        pdf = _download(visit(), live_server, case)
        code = case.decision.letter.document.verification_code
        _verify(visit(), live_server, code, pdf, tmp_path)


def test_office_prints_and_posts_a_letter_on_paper(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    case = decided(on_paper=True)
    office = committee()
    open_to(case, office.releaser, at=after_deadline(case, days=29))
    with at_moment(after_deadline(case, days=30)):
        page = visit()
        log_in_with_code(page, live_server, office.releaser)
        page.goto(f"{live_server.url}/beheer/brieven/{case.reference}/")
        arrive(page, f"Brief over {case.reference}")
        expect(page.get_by_text("Deze brief gaat op papier")).to_be_visible()
        press(page, "Deze brief vrijgeven")
        expect(page.get_by_text("wacht op de post", exact=True)).to_be_visible()
        look(page)
        office_page, applicant_page = visit(), visit()
        log_in_with_code(office_page, live_server, office.officer)
        log_in(applicant_page, live_server, case.applicant.email)
        _post(office_page, applicant_page, f"{live_server.url}/aanvragen/{case.reference}/", case)


def _post(page: Page, of_applicant: Page, status: str, case: Any) -> None:
    follow(page, "Beheer")
    follow(page, re.compile("Brieven voor de post, de eerste vrijgegeven op"))
    arrive(page, "Brieven voor de post")
    press(page, "Alle brieven maken met de datum van vandaag")
    expect(page.get_by_text("wordt gemaakt", exact=True)).to_be_visible()
    sweep(print_letters_task)
    sweep(bundle_post_task)
    page.reload()
    arrive(page, "Brieven voor de post")
    with page.expect_download() as download:
        follow(page, "De post van vandaag in één bestand downloaden (pdf)")
    assert download.value.path().read_bytes().startswith(b"%PDF")
    of_applicant.goto(status)
    expect(of_applicant.get_by_text("Uw subsidie is verleend")).to_have_count(0)
    page.get_by_label(f"Op de post gedaan: {case.reference}").check()
    press(page, "De aangevinkte brieven zijn vandaag op de post gedaan")
    arrive(page, "Vastleggen wat op de post is gedaan")
    expect(page.get_by_text("Dit kunt u niet ongedaan maken")).to_be_visible()
    expect(page.get_by_text("Voorbeeldstraat 1")).to_be_visible()
    press(page, "Vastleggen als vandaag verstuurd")
    arrive(page, "Brieven voor de post")
    expect(
        page.get_by_text("Van 1 brief is vastgelegd dat die vandaag op de post is gedaan.")
    ).to_be_visible()
    of_applicant.reload()
    expect(of_applicant.get_by_text("Uw subsidie is verleend")).to_be_visible()


def _fix_advice(page: Page, reference: str) -> None:
    follow(page, "Adviezen om vast te stellen")
    arrive(page, "Adviezen om vast te stellen")
    follow(page, reference)
    arrive(page, re.compile("Samen aan zet"))
    page.get_by_label("Verlenen").check()
    page.get_by_label("Geadviseerd bedrag").fill("48.000,00")
    page.get_by_label("Redenen van de commissie").fill("Het plan past goed bij het doel.")
    press(page, "Controleren en vaststellen")
    arrive(page, "Controleren en vaststellen")
    expect(page.get_by_text("Verlenen, ten hoogste € 48.000,00")).to_be_visible()
    press(page, "Advies vaststellen")
    expect(page.get_by_text("Het advies is vastgesteld.")).to_be_visible()
    arrive(page, re.compile("Samen aan zet"))


def _decide(page: Page, reference: str) -> None:
    follow(page, "Besluiten om vast te leggen")
    arrive(page, "Besluiten om vast te leggen")
    follow(page, reference)
    arrive(page, re.compile("Samen aan zet"))
    page.get_by_label("Verlenen").check()
    amount = page.get_by_label("Verleend bedrag")
    amount.fill("48.000,01")
    page.get_by_label("Redenen van het besluit").fill("Ik volg het advies van de commissie.")
    press(page, "Controleren en vastleggen")
    arrive(page, re.compile("Samen aan zet"))
    expect(amount).to_have_value("48.000,01")
    expect(amount).to_have_attribute("aria-invalid", "true")
    expect(amount).to_have_accessible_description(re.compile("48.000,00"))
    amount.fill("45.000")
    # Of the 47,500 of the lead organisation; the partner's 1,000 less 500 of others stay.
    page.get_by_label("Geaccepteerd van regel 1").fill("44.500")
    page.get_by_label("Waarom minder van regel 1").fill("De huur kan lager.")
    # Enter saves the draft, and nothing more (rule 30).
    amount.press("Enter")
    expect(page.get_by_text("Opgeslagen als concept. Er is nog niets vastgelegd.")).to_be_visible()
    page.get_by_label("Waarom u afwijkt van het advies").fill("De huur kan lager.")
    press(page, "Controleren en vastleggen")
    arrive(page, "Controleren en vastleggen")
    expect(page.get_by_text("wijkt af van het advies")).to_be_visible()
    expect(page.get_by_text("komen uit op een subsidie van € 45.000,00")).to_be_visible()
    press(page, "Besluit vastleggen")
    expect(page.get_by_text("Verleend: ten hoogste € 45.000,00")).to_be_visible()
    arrive(page, re.compile("Samen aan zet"))


def _release(page: Page, reference: str) -> None:
    follow(page, "Brieven om vrij te geven")
    arrive(page, re.compile("[Bb]rieven"))
    follow(page, reference)
    arrive(page, f"Brief over {reference}")
    letter = page.get_by_role("article", name="Tekst van de brief")
    expect(letter).to_contain_text("€ 45.000,00")
    expect(letter).to_contain_text("Ik volg het advies van de commissie.")
    expect(letter).to_contain_text("De huur kan lager.")
    press(page, "Deze brief vrijgeven")
    expect(page.get_by_text("vrijgegeven, wordt gemaakt")).to_be_visible()


def _download(page: Page, server: LiveServer, case: Any) -> bytes:
    log_in(page, server, case.applicant.email)
    arrive(page, f"Welkom, {case.applicant.full_name}")
    page.goto(f"{server.url}/aanvragen/")
    arrive(page, "Mijn aanvragen")
    follow(page, case.title)
    arrive(page, re.compile(case.title))
    expect(page.get_by_text("Uw subsidie is verleend")).to_be_visible()
    with page.expect_download() as download:
        follow(page, "De brief downloaden (pdf)")
    pdf = download.value.path().read_bytes()
    assert pdf.startswith(b"%PDF-1.7")
    return pdf


def _verify(page: Page, server: LiveServer, code: str, pdf: bytes, folder: Path) -> None:
    page.goto(f"{server.url}/verificatie/")
    arrive(page, "Een document controleren")
    page.get_by_label("Verificatiecode").fill(code)
    press(page, "Controleren")
    expect(page.get_by_text("Bij deze code hoort een echt document", exact=True)).to_be_visible()
    arrive(page, "Een document controleren")
    altered = bytearray(pdf)
    altered[len(pdf) // 2] ^= 1
    for name, content, finding in (
        ("brief.pdf", pdf, "Dit document is echt"),
        ("gewijzigd.pdf", bytes(altered), "Dit document is gewijzigd"),
    ):
        path = folder / name
        path.write_bytes(content)
        page.goto(f"{server.url}/verificatie/")
        page.get_by_label("Pdf-bestand").set_input_files(path)
        press(page, "Controleren")
        expect(page.get_by_text(finding, exact=True)).to_be_visible()
        arrive(page, "Een document controleren")
