"""Several files at once: each by itself, with its own sentence, in one form or by the script (rules 24 and 32)."""

from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT
from tests.pages import at_moment, page_text

NO_PDF = "Dit bestand is geen pdf. Sla het op als pdf en voeg het opnieuw toe."
EMPTY = "Dit bestand is leeg. Maak het opnieuw en voeg het nieuwe toe."


def pdf(number: int) -> bytes:
    return letter_pdf() + b"\n%" + str(number).encode()


def file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def send(client: Client, case: "scenarios.Case", *files: SimpleUploadedFile, **more: Any) -> Any:
    with at_moment(AT):
        return client.post(
            reverse("applications:attachments", args=[case.reference]),
            {"file": list(files), "title": more.pop("title", "")},
            **more,
        )


def titles(case: "scenarios.Case") -> list[str]:
    return list(case.attachments.values_list("title", flat=True).order_by("pk"))


@pytest.mark.django_db
def test_several_files_are_added_in_one_form(client: Client) -> None:
    case = scenarios.written()
    log_in(client, case.applicant)
    answer = send(client, case, file("een.pdf", pdf(1)), file("twee.pdf", pdf(2)))
    assert (answer.status_code, titles(case)) == (302, ["een.pdf", "twee.pdf"])
    with at_moment(AT):
        shown = client.get(answer.url)
    assert "“een.pdf” is opgeslagen bij uw concept." in page_text(shown)
    assert "“twee.pdf” is opgeslagen bij uw concept." in page_text(shown)
    assert b" multiple" in shown.content


@pytest.mark.django_db
def test_a_file_that_is_refused_keeps_no_other_out_and_is_named(client: Client) -> None:
    case = scenarios.written()
    log_in(client, case.applicant)
    answer = send(
        client,
        case,
        file("een.pdf", pdf(1)),
        file("<b>.pdf", b"x"),
        file("leeg.pdf", b""),
        file("drie.pdf", pdf(3)),
    )
    assert (answer.status_code, titles(case)) == (422, ["een.pdf", "drie.pdf"])
    assert answer.context["form"].errors["file"] == [
        f"“&lt;b&gt;.pdf”: {NO_PDF}",
        f"“leeg.pdf”: {EMPTY}",
    ]
    assert "“een.pdf” is opgeslagen bij uw concept." in page_text(answer)
    assert b"<b>.pdf" not in answer.content


@pytest.mark.django_db
def test_the_same_file_is_there_once_and_that_is_said(client: Client) -> None:
    case = scenarios.written()
    log_in(client, case.applicant)
    send(client, case, file("een.pdf", pdf(1)), file("kopie.pdf", pdf(1)))
    assert titles(case) == ["een.pdf"]
    with at_moment(AT):
        answer = client.post(
            reverse("applications:attachments", args=[case.reference]),
            {"file": file("nog-eens.pdf", pdf(1)), "title": ""},
            follow=True,
        )
    assert titles(case) == ["een.pdf"]
    said = "“nog-eens.pdf” is hetzelfde bestand als “een.pdf”, dat al in uw concept staat. Het is niet twee keer toegevoegd."
    assert said in page_text(answer)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("files", "named"),
    [(["een.pdf"], ["Ons plan"]), (["een.pdf", "twee.pdf"], ["Ons plan: een.pdf", "Ons plan: twee.pdf"])],
)
def test_a_name_that_was_typed_is_kept_of_one_file_and_of_several(
    client: Client, files: list[str], named: list[str]
) -> None:
    case = scenarios.written()
    log_in(client, case.applicant)
    send(client, case, *(file(name, pdf(number)) for number, name in enumerate(files)), title="Ons plan")
    assert titles(case) == named


@pytest.mark.django_db
def test_more_files_than_the_call_takes_are_refused_one_by_one(client: Client) -> None:
    case = scenarios.written()
    case.call.max_attachments = 1
    case.call.save()
    log_in(client, case.applicant)
    answer = send(client, case, file("een.pdf", pdf(1)), file("twee.pdf", pdf(2)))
    assert (answer.status_code, titles(case)) == (422, ["een.pdf"])
    assert answer.context["form"].errors["file"] == ["“twee.pdf”: U kunt ten hoogste 1 bestanden meesturen."]


@pytest.mark.django_db
def test_without_a_file_the_form_asks_for_one(client: Client) -> None:
    case = scenarios.written()
    log_in(client, case.applicant)
    answer = send(client, case, title="Ons plan")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["file"])
    assert answer.context["form"].data["title"] == "Ons plan"


@pytest.mark.django_db
def test_the_script_is_told_of_one_file_what_became_of_it(client: Client) -> None:
    case = scenarios.written()
    log_in(client, case.applicant)
    answers = [
        send(client, case, each, headers={"Accept": "application/json"})
        for each in (file("een <i>.pdf", pdf(1)), file("tekst.pdf", b"x"))
    ]
    assert [(each.status_code, each.json()) for each in answers] == [
        (
            200,
            {"message": "“een <i>.pdf” is opgeslagen bij uw concept. Er is nog niets ingediend."},
        ),
        (422, {"message": NO_PDF}),
    ]
    client.logout()
    answer = send(client, case, file("twee.pdf", pdf(2)), headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()) == (401, {"message": "U bent uitgelogd."})


HERE = "http://portal.example/"
PAGE = """<!DOCTYPE html><html lang="nl"><title>Bijlagen</title><div data-attachments>{list}</div>
<form method="post" enctype="multipart/form-data" data-with-uploads>
<input type="text" name="title" value="Plan"><input type="file" name="file" multiple aria-label="Bestanden">
<button type="submit">Toevoegen</button>
<div hidden data-uploads data-waiting="wacht" data-checking="controle" data-failing="Niet aangekomen"
data-count="{{done}} van {{all}} toegevoegd"><p role="status"></p><ul></ul></div></form>"""


@pytest.fixture
def portal(page: Page) -> dict[str, Any]:
    """A page with the script, and a portal that answers a file by its name."""
    state: dict[str, Any] = {"sent": [], "taken": [], "page": page}

    def answer(route: Route) -> None:
        if route.request.method != "POST":
            listed = " ".join(state["taken"])
            route.fulfill(body=PAGE.format(list=listed), content_type="text/html; charset=utf-8")
            return
        sent = route.request.post_data_buffer or b""
        state["sent"].append(sent)
        if b"valt-weg.pdf" in sent:
            route.fulfill(status=413, body="<h1>Even geduld</h1>", content_type="text/html")
        elif b"inloggen.pdf" in sent:
            route.fulfill(body="<h1>Inloggen</h1>", content_type="text/html")
        elif b"virus.pdf" in sent:
            route.fulfill(status=422, json={"message": "Er zit een virus in."})
        elif b"traag.pdf" in sent:
            state["waiting"] = route
        else:
            state["taken"].append("goed.pdf")
            route.fulfill(json={"message": "Opgeslagen"})

    page.route(f"{HERE}**", answer)
    page.goto(HERE)
    page.add_script_tag(path=settings.BASE_DIR / "static" / "js" / "upload.js", type="module")
    return state


def choose(page: Page, *names: str) -> None:
    page.get_by_label("Bestanden").set_input_files(
        [{"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-"} for name in names]
    )
    page.get_by_role("button", name="Toevoegen").click()


@pytest.mark.browser
def test_the_script_sends_each_file_and_says_at_each_what_is_wrong(portal: dict[str, Any]) -> None:
    page: Page = portal["page"]
    choose(page, "goed.pdf", "virus.pdf", "valt-weg.pdf", "inloggen.pdf")
    expect(page.get_by_role("status")).to_have_text("1 van 4 toegevoegd")
    rows = page.get_by_role("listitem")
    expect(rows).to_have_text(
        [
            "goed.pdf Opgeslagen",
            "virus.pdf Er zit een virus in.",
            "valt-weg.pdf Niet aangekomen",
            "inloggen.pdf Niet aangekomen",
        ]
    )
    # Who reads with the ear comes to the first that was not taken.
    expect(rows.nth(1)).to_be_focused()
    # Each by itself, with its own name behind the one that was typed.
    assert [b"Plan: goed.pdf" in portal["sent"][0], len(portal["sent"])] == [True, 4]
    # What was taken is listed, and what was not stays chosen.
    expect(page.locator("[data-attachments]")).to_have_text("goed.pdf")
    chosen = page.evaluate("[...document.querySelector('[name=file]').files].map((each) => each.name)")
    assert chosen == ["virus.pdf", "valt-weg.pdf", "inloggen.pdf"]


@pytest.mark.browser
def test_the_script_warns_who_leaves_while_a_file_is_on_its_way(portal: dict[str, Any]) -> None:
    page: Page = portal["page"]
    choose(page, "traag.pdf")
    expect(page.get_by_role("progressbar", name="traag.pdf")).to_be_visible()
    expect(page.get_by_role("button", name="Toevoegen")).to_have_attribute("aria-disabled", "true")
    # A second press sends nothing.
    page.get_by_role("button", name="Toevoegen").click(force=True)
    warned: list[str] = []

    def stay(dialog: Any) -> None:
        warned.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.close(run_before_unload=True)
    page.wait_for_timeout(300)
    assert (warned, len(portal["sent"])) == (["beforeunload"], 1)
    portal["taken"].append("traag.pdf")
    with page.expect_navigation():
        portal["waiting"].fulfill(json={"message": "Opgeslagen"})
    expect(page.locator("[data-attachments]")).to_have_text("traag.pdf")
