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
from tests.factories.scenarios import after_deadline, committee, open_to, reviewed
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
