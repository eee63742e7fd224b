"""Somebody downloads the empty form, fills it in, brings it in, meets a newer version, and has all of it in the draft (rule 32)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from docx import Document
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from applications.domain.drafting import save_section
from calls.tasks import make_empty_forms_task
from tests.applications.filled import below
from tests.browser import NARROW, WIDE
from tests.database import around_acts
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.journeys.walking import arrive, follow, look, press

pytestmark = pytest.mark.usefixtures("transactional_db", "first_round")
ANSWERS = {"De regio": "Wij werken in één regio.", "De opgave": "Eerst\nDan"}


@pytest.mark.parametrize(
    ("size", "script"), [(NARROW, True), (WIDE, False)], ids=["narrow", "without_script"]
)
def test_a_form_that_was_downloaded_comes_back_filled_in(
    live_server: LiveServer,
    visit: Callable[..., Page],
    tmp_path: Path,
    size: Any,
    script: bool,
) -> None:
    with around_acts():
        case = scenarios.started(partners=1)
        colleague = speaker_for(case.lead, full_name="Cor Collega (fictief)")
    make_empty_forms_task()
    page = visit(viewport=size, java_script_enabled=script)
    check = look if script else (lambda _page: None)
    client = Client()
    log_in(client, case.applicant)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/aanvragen/{case.reference}/")
    follow(page, "Ingevuld formulier inlezen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ingevuld formulier inlezen")
    check(page)
    with page.expect_download() as download:
        follow(page, "Download het lege formulier (.docx)")
    form = tmp_path / "ingevuld.docx"
    document = Document(str(download.value.path()))
    for title, answer in ANSWERS.items():
        place = below(document, title)
        for line in answer.split("\n"):
            place.insert_paragraph_before(line, style="List Bullet" if "\n" in answer else None)
    document.save(str(form))

    # Something else first.
    wrong = tmp_path / "brief.docx"
    wrong.write_bytes(b"%PDF-1.7")
    for file in (wrong, form):
        page.get_by_label("Het formulier dat u invulde").set_input_files(str(file))
        press(page, "Laat zien wat erin staat")
        if file == wrong:
            expect(page.get_by_text("Dit is een PDF.").first).to_be_visible()
            check(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw antwoorden overnemen")
    check(page)
    expect(page.get_by_label("Overnemen in “De regio”")).to_be_checked()
    box = page.get_by_role("region", name="De opgave").get_by_role("textbox")
    expect(box).to_have_value("- Eerst\n- Dan")
    box.fill("- Eerst\n- Dan\n- En dit erbij")

    save_section(
        reference=case.reference,
        key="opgave",
        text="Van een collega.",
        seen_version=0,
        actor=colleague,
        at=AT,
    )
    press(page, "Sla op wat is aangevinkt")
    expect(page.get_by_role("heading", name="Nog niet alles is opgeslagen")).to_be_visible()
    if script:
        arrive(page, "Uw antwoorden overnemen")
    expect(page.get_by_text("Cor Collega (fictief)").first).to_be_visible()
    expect(page.get_by_role("region", name="De regio")).to_have_count(0)
    page.get_by_role("button", name="Beide in één tekst zetten").first.click()
    expect(box).to_have_value("Van een collega.\n- Eerst\n- Dan\n- En dit erbij")
    check(page)
    press(page, "Sla op wat is aangevinkt")
    expect(page.get_by_text("Opgeslagen in uw concept: De opgave.")).to_be_visible()
    assert dict(case.sections.values_list("spec__key", "text")) == {
        "regio": "Wij werken in één regio.",
        "opgave": "Van een collega.\n- Eerst\n- Dan\n- En dit erbij",
    }
