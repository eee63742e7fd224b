"""Pages on which a draft is written; part by part, with what can be typed wrong."""

from collections.abc import Iterator
from decimal import Decimal
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


def test_saving_after_the_session_ended_asks_to_log_in_and_comes_back(case: "scenarios.Case") -> None:
    response = save(Client(), case, "mijn tekst", 0)
    url = address("section", case, first_section(case).key)
    assert (response.status_code, response.url) == (302, f"{reverse('account_login')}?next={url}")
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


def lines(case: "scenarios.Case", *amounts: str, version: int = 1, **more: Any) -> dict[str, Any]:
    heading = case.call.headings.first()
    member = case.coalition.participations.first()
    assert heading is not None
    assert member is not None
    data: dict[str, Any] = {
        "seen_version": version,
        "lines-TOTAL_FORMS": len(amounts) + 1,
        "lines-INITIAL_FORMS": 0,
    }
    for index, amount in enumerate(amounts):
        data |= {
            f"lines-{index}-heading": heading.pk,
            f"lines-{index}-participation": member.pk,
            f"lines-{index}-description": f"Uren {index}",
            f"lines-{index}-amount": amount,
        }
    empty = len(amounts)
    data |= {f"lines-{empty}-{name}": "" for name in ("heading", "participation", "description", "amount")}
    return {**data, **more}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("50.000,00", "50000.00"),
        ("50000", "50000.00"),
        ("€ 1.234,5", "1234.50"),
        ("1.000", "1000.00"),
        ("12,-", "12.00"),
        ("50.000,01", "50000.01"),
    ],
)
def test_amounts_are_read_in_dutch_notation(
    client: Client, case: "scenarios.Case", typed: str, kept: str
) -> None:
    assert client.post(address("budget", case), lines(case, typed)).status_code == 302
    case.refresh_from_db()
    assert case.requested_amount == Decimal(kept)


@pytest.mark.parametrize("typed", ["0", "0,00", "-5", "1e9", "12,345", "veel", "", "9" * 40])
def test_an_amount_that_is_none_is_refused_at_its_row_and_kept_as_typed(
    client: Client, case: "scenarios.Case", typed: str
) -> None:
    response = client.post(address("budget", case), lines(case, "100", typed))
    assert response.status_code == 422
    formset = response.context["formset"]
    assert formset.errors[0] == {}
    assert list(formset.errors[1]) == ["amount"]
    assert formset.forms[1]["amount"].value() == typed
    assert 'value="100"' in response.content.decode()
    assert not case.budget_lines.exists()


def test_an_amount_above_the_maximum_is_kept_and_told(client: Client, case: "scenarios.Case") -> None:
    client.post(address("budget", case), lines(case, "50.000,01"))
    response = client.get(address("budget", case))
    assert response.context["too_much"] == Decimal("0.01")
    assert "€ 50.000,01" in page_text(response).replace("\u00a0", " ")
    overview = client.get(address("overview", case))
    assert "budget" in [each.page for _step, each in overview.context["progress"].your_turn]


def test_the_budget_page_adds_up_per_organisation_and_says_what_remains(
    client: Client, case: "scenarios.Case"
) -> None:
    scenarios.written(case, amount=48_000)
    context = client.get(address("budget", case)).context
    assert context["shares"] == [
        (case.lead.name, Decimal("47000.00")),
        (case.partners[0].organisation.name, Decimal("1000.00")),
    ]
    assert (context["total"], context["remains"]) == (Decimal("48000.00"), Decimal("2000.00"))


def test_a_line_that_lacks_something_says_what_at_its_row(client: Client, case: "scenarios.Case") -> None:
    typed = lines(case, "100", **{"lines-0-heading": "", "lines-0-description": ""})
    response = client.post(address("budget", case), typed)
    assert response.status_code == 422
    assert sorted(response.context["formset"].errors[0]) == ["description", "heading"]


def test_an_empty_line_offers_no_removing_after_an_error_elsewhere(
    client: Client, case: "scenarios.Case"
) -> None:
    typed = lines(case, "honderd", "") | {"lines-TOTAL_FORMS": 2}
    typed |= {f"lines-1-{name}": "" for name in ("heading", "participation", "description", "amount")}
    response = client.post(address("budget", case), typed)
    assert response.status_code == 422
    page = response.content.decode()
    assert 'name="lines-0-DELETE"' in page
    assert 'name="lines-1-DELETE"' not in page


def test_a_line_that_is_ticked_or_emptied_is_gone(client: Client, case: "scenarios.Case") -> None:
    client.post(address("budget", case), lines(case, "100", "200", "300"))
    changed = lines(case, "100", "200", "300", version=2)
    changed |= {"lines-0-DELETE": "on", "lines-INITIAL_FORMS": 3}
    changed |= {f"lines-1-{name}": "" for name in ("heading", "participation", "description", "amount")}
    assert client.post(address("budget", case), changed).status_code == 302
    assert [each.amount for each in case.budget_lines.all()] == [Decimal("300.00")]


def test_more_lines_come_without_saving_or_losing_what_was_typed(
    client: Client, case: "scenarios.Case"
) -> None:
    response = client.post(address("budget", case), lines(case, "12", more="1"))
    assert response.status_code == 200
    assert len(response.context["formset"].forms) == 5
    assert 'value="12"' in response.content.decode()
    assert not case.budget_lines.exists()


def test_contributions_above_the_costs_are_refused_above_the_table(
    client: Client, case: "scenarios.Case"
) -> None:
    contribution = case.call.headings.get(is_contribution=True)
    typed = lines(case, "100", "200", **{"lines-1-heading": contribution.pk})
    response = client.post(address("budget", case), typed)
    assert response.status_code == 422
    assert len(response.context["formset"].non_form_errors()) == 1


def test_a_budget_form_that_was_tampered_with_is_no_fault(client: Client, case: "scenarios.Case") -> None:
    assert client.post(address("budget", case), {"lines-TOTAL_FORMS": "veel"}).status_code == 422
    heading = {"lines-0-heading": "99999999"}
    assert client.post(address("budget", case), lines(case, "100", **heading)).status_code == 422


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
