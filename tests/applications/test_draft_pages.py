"""Pages on which a draft is written; part by part, with what can be typed wrong."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from applications.enums import Status
from applications.models import Application, Attachment
from calls.models import SectionSpec
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.moments import AT, CALL_OPENS, LAST_DEADLINE
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture
def case(client: Client) -> "scenarios.Case":
    case = scenarios.started()
    log_in(client, case.applicant)
    return case


def address(name: str, case: Application, *more: object) -> str:
    return reverse(f"applications:{name}", args=[case.reference, *more])


def first_section(case: Application) -> SectionSpec:
    spec = case.call.sections.first()
    assert spec is not None
    return spec


def save(client: Client, case: Application, text: str, version: int, **headers: Any) -> HttpResponse:
    url = address("section", case, first_section(case).key)
    return client.post(url, {"text": text, "seen_version": version}, **headers)


def particulars(**changes: Any) -> dict[str, Any]:
    return {"title": "Samen", "starts_on": "2024-07-01", "duration_months": "6", "seen_version": 1, **changes}


@pytest.mark.parametrize(
    "name", ["overview", "particulars", "people", "partners", "budget", "attachments", "check"]
)
def test_every_page_of_a_draft_says_that_it_is_not_submitted(
    client: Client, case: "scenarios.Case", name: str
) -> None:
    response = client.get(address(name, case))
    assert response.status_code == 200
    assert "hub-state--draft" in response.content.decode()
    assert "hub-state--submitted" not in response.content.decode()


@pytest.mark.parametrize("name", ["particulars", "people", "partners", "budget", "attachments", "check"])
def test_a_page_of_what_was_submitted_leads_to_its_status(client: Client, name: str) -> None:
    case = scenarios.submitted()
    response = log_in(client, case.applicant).get(address(name, case))
    assert (response.status_code, response.url) == (302, address("status", case))


def test_the_overview_tells_whose_turn_it_is(client: Client, case: "scenarios.Case") -> None:
    scenarios.written(case)
    partner = case.partners[0]
    client.post(address("ask_consent", case, partner.pk))
    response = client.get(address("overview", case))
    progress = response.context["progress"]
    assert progress.your_turn == []
    assert [each.page for each in progress.others_turn] == ["partners"]
    assert partner.organisation.name in page_text(response)


def test_particulars_are_saved_and_lead_to_the_next_page(client: Client, case: "scenarios.Case") -> None:
    response = client.post(address("particulars", case), particulars())
    assert (response.status_code, response.url) == (302, address("people", case))
    case.refresh_from_db()
    assert (case.title, case.starts_on.isoformat(), case.duration_months) == ("Samen", "2024-07-01", 6)
    assert case.status == Status.DRAFT


def test_a_title_that_is_too_long_is_refused_whole_and_kept(client: Client, case: "scenarios.Case") -> None:
    assert "maxlength" not in client.get(address("particulars", case)).content.decode()
    typed = "Samen " + "w" * 150
    response = client.post(address("particulars", case), particulars(title=typed))
    assert response.status_code == 422
    assert f'value="{typed}"' in response.content.decode()
    assert "Deze tekst heeft 156 tekens; er is plaats voor 150. Maak de tekst korter." in page_text(response)


@pytest.mark.parametrize(("excess", "state"), [(0, "fits"), (1, "over")])
def test_a_text_over_its_limit_says_by_how_much(
    client: Client, case: "scenarios.Case", excess: int, state: str
) -> None:
    most = first_section(case).max_characters
    save(client, case, "w" * (most + excess), 0)
    page = client.get(address("section", case, first_section(case).key))
    assert f'data-state="{state}"' in page.content.decode()
    assert (f"{most + 1} tekens, 1 te veel" in page_text(page)) == bool(excess)


@pytest.mark.parametrize("months", ["7", "0", "-1", "2,5", "zes", "9" * 30])
def test_a_duration_that_is_not_possible_is_refused_at_its_field_and_kept(
    client: Client, case: "scenarios.Case", months: str
) -> None:
    response = client.post(address("particulars", case), particulars(duration_months=months))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["duration_months"]
    assert f'value="{months}"' in response.content.decode()
    assert 'value="Samen"' in response.content.decode()
    case.refresh_from_db()
    assert (case.title, case.duration_months) == ("", None)


@pytest.mark.parametrize("day", ["31-02-2024", "morgen", "9999-12-31", "0001-01-01"])
def test_a_day_that_is_no_day_for_a_project_is_refused_at_its_field(
    client: Client, case: "scenarios.Case", day: str
) -> None:
    response = client.post(address("particulars", case), particulars(starts_on=day))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["starts_on"]


def people(case: "scenarios.Case", **changes: Any) -> dict[str, Any]:
    return {**scenarios.people_typed(case), "seen_version": 1, **changes}


def test_people_are_saved(client: Client, case: "scenarios.Case") -> None:
    assert client.post(address("people", case), people(case)).status_code == 302
    assert case.applicant.full_name == Application.objects.get(pk=case.pk).people.main_applicant_name


def test_a_signatory_of_another_organisation_is_refused_at_the_field(
    client: Client, case: "scenarios.Case"
) -> None:
    other = case.partners[0]
    typed = people(case, signatory_organisation=other.pk, signatory_name="Jan Jansen")
    response = client.post(address("people", case), typed)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["signatory_organisation"]
    assert 'value="Jan Jansen"' in response.content.decode()
    assert Application.objects.get(pk=case.pk).people.signatory_name == ""


def test_a_section_saves_while_one_types(client: Client, case: "scenarios.Case") -> None:
    first = save(client, case, "Wij\r\nbeginnen", 0, headers=JSON)
    assert first.status_code == 200
    assert first.json()["version"] == 1
    second = save(client, case, "Wij beginnen nu", 1, headers=JSON)
    assert second.json() == {
        "version": 2,
        "message": second.json()["message"],
        "others": "",
    }
    assert "10:00" in second.json()["message"]
    assert case.sections.get().text == "Wij beginnen nu"


def test_line_ends_of_a_browser_are_no_change(client: Client, case: "scenarios.Case") -> None:
    save(client, case, "een\ntwee", 0)
    assert save(client, case, "een\r\ntwee", 1, headers=JSON).json()["version"] == 1


def test_a_text_of_a_megabyte_is_refused_with_a_sentence_and_stays_in_the_form(
    client: Client, case: "scenarios.Case"
) -> None:
    text = "é" * 1024 * 1024
    response = save(client, case, text, 0)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["text"]
    assert text in response.content.decode()
    assert not case.sections.exists()
    assert save(client, case, text, 0, headers=JSON).status_code == 422


def test_a_text_is_kept_without_a_character_that_cannot_be(client: Client, case: "scenarios.Case") -> None:
    """Rule 33."""
    assert save(client, case, "tekst\x00tekst", 0).status_code == 302
    assert case.sections.get().text == "teksttekst"


def test_saving_after_the_session_ended_asks_to_log_in_and_keeps_the_text(case: "scenarios.Case") -> None:
    response = save(Client(), case, "mijn tekst", 0)
    shown = response.content.decode()
    kept = '<input type="hidden" name="text" value="mijn tekst">'
    assert (response.status_code, f'href="{reverse("account_login")}"' in shown, kept in shown) == (
        403,
        True,
        True,
    )
    assert save(Client(), case, "mijn tekst", 0, headers=JSON).status_code == 401
    assert not case.sections.exists()


def test_text_typed_after_the_application_was_submitted_is_refused_and_shown(client: Client) -> None:
    case = scenarios.submitted()
    log_in(client, case.applicant)
    response = save(client, case, "te laat getypt", 1)
    assert response.status_code == 422
    assert "te laat getypt" in response.content.decode()
    assert "hub-state--submitted" in response.content.decode()


def test_a_section_that_the_call_does_not_have_is_not_there(client: Client, case: "scenarios.Case") -> None:
    assert client.get(address("section", case, "bestaat-niet")).status_code == 404


def pdf() -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


def attach(client: Client, case: Application, content: bytes, name: str = "plan.pdf") -> HttpResponse:
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    return client.post(address("attachments", case), {"file": file, "title": ""})


def test_a_pdf_is_attached_and_served_as_a_download_that_cannot_run(
    client: Client, case: "scenarios.Case"
) -> None:
    content = pdf()
    assert attach(client, case, content).status_code == 302
    attachment = case.attachments.get()
    response = client.get(address("attachment", case, attachment.pk))
    assert response.content == content
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{case.reference}-plan.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client.post(address("remove_attachment", case, attachment.pk)).status_code == 302
    assert client.post(address("remove_attachment", case, attachment.pk)).status_code == 302
    assert not Attachment.objects.exists()


def test_a_file_that_is_no_pdf_is_refused_with_a_sentence(client: Client, case: "scenarios.Case") -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "a")
    for content in (packed.getvalue(), b"", b"tekst", b"%PDF-1.7 stuk"):
        response = attach(client, case, content)
        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["file"]
    assert not Attachment.objects.exists()


def test_a_file_that_is_too_large_is_refused_and_the_limit_is_shown(
    client: Client, case: "scenarios.Case", settings: Any
) -> None:
    settings.UPLOAD_LIMIT_BYTES = 2048
    assert "2 KB" in page_text(client.get(address("attachments", case))).replace("\u00a0", " ")
    response = attach(client, case, b"%PDF-" + b"x" * 4096)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["file"]


def test_starting_twice_makes_one_application(client: Client, case: "scenarios.Case") -> None:
    url = reverse("applications:start", args=[case.coalition_id])
    response = client.post(url, {"call": case.call.slug})
    assert (response.status_code, response.url) == (302, address("overview", case))
    assert Application.objects.count() == 1


def test_starting_after_the_last_deadline_says_why_not(client: Client, case: "scenarios.Case") -> None:
    Application.objects.all().delete()
    url = reverse("applications:start", args=[case.coalition_id])
    with at_moment(LAST_DEADLINE):
        assert client.get(url).status_code == 200
        response = client.post(url, {"call": case.call.slug}, follow=True)
    assert "hub-messages" in response.content.decode()
    assert not Application.objects.exists()
    with at_moment(CALL_OPENS):
        assert client.post(url, {"call": "bestaat-niet"}).status_code == 404
