"""The page on which the budget of a draft is written (rules 6, 12 and 32)."""

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
import python_calamine
from django.test import Client
from django.urls import reverse

from applications.domain.removing_partner import remove_asked_partner
from applications.models import Application
from hubportal.documents.domain.bounded import one_file_at_a_time
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.moments import AT
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


def address(name: str, case: Application) -> str:
    return reverse(f"applications:{name}", args=[case.reference])


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


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_page_takes_12_queries_however_many_lines_there_are(
    client: Client, case, rows: int, django_assert_num_queries: Any
) -> None:
    client.post(address("budget", case), lines(case, *["10"] * rows))
    with django_assert_num_queries(12):
        shown = client.get(address("budget", case))
    assert len(shown.context["formset"].initial_forms) == rows


def test_a_line_is_named_by_its_number_its_organisation_and_what_it_is_for(client: Client, case) -> None:
    """The group, and with it the amount: WCAG 1.3.1."""
    client.post(address("budget", case), lines(case, "10"))
    shown = client.get(address("budget", case))
    lead = case.coalition.participations.first()
    assert [each.whose for each in shown.context["formset"]][:2] == [f"{lead.stated_name}, Uren 0", ""]
    for row in (0, 1):
        assert f'aria-labelledby="id_lines-{row}-amount_label lines-{row}-line"' in shown.content.decode()
    # What was typed and refused names its line too.
    refused = client.post(address("budget", case), lines(case, "veel", version=2))
    assert refused.context["formset"].forms[0].whose == f"{lead.stated_name}, Uren 0"


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


@pytest.mark.parametrize("typed", ["0", "0,00", "-5", "1e9", "12,345", "veel", "", "9" * 40, "9" * 5000])
def test_a_wrong_amount_is_kept_as_typed_at_its_row_and_the_other_lines_are_saved(
    client: Client, case: "scenarios.Case", typed: str
) -> None:
    response = client.post(address("budget", case), lines(case, "100", typed))
    assert response.status_code == 422
    formset = response.context["formset"]
    assert formset.errors[0] == {}
    assert list(formset.errors[1]) == ["amount"]
    assert formset.forms[1]["amount"].value() == typed
    assert formset.version_form["seen_version"].value() == "2"
    page = response.content.decode()
    assert ('value="100"' in page, "De andere regels zijn opgeslagen in uw concept" in page) == (True, True)
    assert [each.amount for each in case.budget_lines.all()] == [Decimal("100.00")]


def test_what_was_saved_of_a_line_stays_until_it_can_be_read_again(
    client: Client, case: "scenarios.Case"
) -> None:
    """Rule 32: a comma typed on the way to an amount takes no line away, and begins no version."""
    client.post(address("budget", case), lines(case, "100", "200"))
    keys = {f"lines-{at}-key": each.key for at, each in enumerate(case.budget_lines.all())}
    typed = lines(case, "150", "12,", version=2, **keys)
    answer = client.post(address("budget", case), typed, headers=JSON)
    assert (answer.status_code, answer.json()["version"]) == (422, 3)
    assert answer.json()["message"].startswith("Opgeslagen om 10:00, maar niet alles. 2. Bedrag: ")
    assert [each.amount for each in case.budget_lines.all()] == [Decimal(150), Decimal(200)]
    again = client.post(address("budget", case), {**typed, "seen_version": 3}, headers=JSON)
    assert again.json() == answer.json()
    mended = lines(case, "150", "12,5", version=3, **keys)
    assert client.post(address("budget", case), mended).status_code == 302
    assert [each.amount for each in case.budget_lines.all()] == [Decimal(150), Decimal("12.50")]
    assert [str(each.key) for each in case.budget_lines.all()] == [str(each) for each in keys.values()]
    assert not case.earlier_versions.exists()


def test_a_row_with_the_key_of_another_is_a_row_of_its_own(client: Client, case: "scenarios.Case") -> None:
    keys = {"lines-0-key": "f" * 32, "lines-1-key": "f" * 32, "lines-2-key": "geen"}
    assert client.post(address("budget", case), lines(case, "1", "2", "3", **keys)).status_code == 302
    assert len({each.key for each in case.budget_lines.all()}) == 3


@pytest.mark.parametrize(
    ("numbers", "kept"),
    [
        (("10", "50", ""), "500.00"),
        (("12,5 uur", "€ 80,05", ""), "1000.63"),
        (("0.1", "0,05", "0,01"), "0.01"),
        (("1.250", "1.000", "1.250.000,00"), "1250000.00"),
    ],
)
def test_hours_at_a_rate_come_to_an_amount_half_up(
    client: Client, case: "scenarios.Case", numbers: tuple[str, str, str], kept: str
) -> None:
    hours, rate, amount = numbers
    typed = lines(case, amount, **{"lines-0-hours": hours, "lines-0-rate": rate})
    assert client.post(address("budget", case), typed).status_code == 302
    assert case.budget_lines.get().amount == Decimal(kept)
    shown = client.get(address("budget", case)).context["formset"].forms[0]
    assert (shown["amount"].value(), shown.product) == (None, Decimal(kept))


@pytest.mark.parametrize(
    ("numbers", "at"),
    [
        (("10", "", "500"), "rate"),
        (("", "50", ""), "hours"),
        (("-10", "50", ""), "hours"),
        (("0", "50", ""), "hours"),
        (("9" * 5000, "50", ""), "hours"),
        (("10", "0", ""), "rate"),
        (("10", "50", "501"), "amount"),
        (("0,01", "0,01", ""), "amount"),
        (("999.999", "9.999.999", ""), "amount"),
        (("", "", "33.333.333,34"), "amount"),
    ],
)
def test_hours_that_make_no_amount_are_refused_at_their_box(
    client: Client, case: "scenarios.Case", numbers: tuple[str, str, str], at: str
) -> None:
    hours, rate, amount = numbers
    typed = lines(case, "100", amount, **{"lines-1-hours": hours, "lines-1-rate": rate})
    response = client.post(address("budget", case), typed)
    assert (response.status_code, list(response.context["formset"].errors[1])) == (422, [at])
    assert case.budget_lines.count() == 1


def test_lines_after_the_last_that_the_call_allows_are_refused_by_themselves(
    client: Client, case: "scenarios.Case"
) -> None:
    most = case.call.max_budget_lines
    response = client.post(address("budget", case), lines(case, *["1"] * (most + 2)))
    errors = response.context["formset"].errors
    assert [at for at, each in enumerate(errors) if each] == [most, most + 1]
    assert case.budget_lines.count() == most


def test_a_share_of_who_left_meanwhile_is_refused_at_its_row(client: Client, case: "scenarios.Case") -> None:
    partner = case.partners[0]
    remove_asked_partner(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
    typed = lines(case, "100", "200", **{"lines-1-participation": partner.pk})
    response = client.post(address("budget", case), typed)
    assert list(response.context["formset"].errors[1]) == ["participation"]
    assert "Deze organisatie zit niet meer in de coalitie" in page_text(response)
    assert [each.amount for each in case.budget_lines.all()] == [Decimal(100)]


def test_one_person_has_one_spreadsheet_made_at_a_time(client: Client, case: "scenarios.Case") -> None:
    """Else whoever asks for many keeps the attachments of others waiting."""
    with one_file_at_a_time(case.applicant.pk):
        busy = client.get(address("budget_sheet", case), follow=True)
    assert "heeft het te druk om een spreadsheet te maken" in page_text(busy)
    with one_file_at_a_time(case.applicant.pk + 1):
        assert client.get(address("budget_sheet", case)).status_code == 200


def test_the_spreadsheet_holds_the_saved_lines_as_text_and_no_formula(
    client: Client, case: "scenarios.Case"
) -> None:
    typed = lines(case, "", **{"lines-0-hours": "12,5", "lines-0-rate": "80"})
    client.post(
        address("budget", case), {**typed, "lines-0-description": '=HYPERLINK("http://x.example";"Uren")'}
    )
    sent = client.get(address("budget_sheet", case))
    assert sent["Content-Disposition"] == f'attachment; filename="begroting-{case.reference}.xlsx"'
    book = ZipFile(BytesIO(sent.content))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert ("<f>" in sheet, "hyperlink" in sheet.lower().replace("=hyperlink(", "")) == (False, False)
    table = python_calamine.CalamineWorkbook.from_filelike(BytesIO(sent.content)).get_sheet_by_index(0)
    member = case.coalition.participations.first()
    assert table.to_python() == [
        ["Post", "Organisatie", "Waarvoor", "Uren", "Tarief per uur", "Bedrag"],
        [
            "Personeel",
            member.stated_name,
            '=HYPERLINK("http://x.example";"Uren")',
            "12,5",
            "80,00",
            "1.000,00",
        ],
    ]


def test_an_amount_above_the_maximum_is_kept_and_told(client: Client, case: "scenarios.Case") -> None:
    client.post(address("budget", case), lines(case, "50.000,01"))
    response = client.get(address("budget", case))
    assert "Dat is € 0,01 meer dan de € 50.000,00" in page_text(response).replace("\u00a0", " ")
    overview = client.get(address("overview", case))
    assert "budget" in [each.page for _step, each in overview.context["progress"].your_turn]


def test_the_budget_page_adds_up_per_organisation_and_says_what_remains(
    client: Client, case: "scenarios.Case"
) -> None:
    scenarios.written(case, amount=48_000)
    context = client.get(address("budget", case)).context
    assert [each[1:] for each in context["shares"]] == [
        (case.lead.name, Decimal("47000.00")),
        (case.partners[0].organisation.name, Decimal("1000.00")),
    ]
    sums = {heading.key: come_to for heading, come_to in context["headings"] if come_to}
    assert sums == {"personeel": Decimal(48_500), "bijdragen": Decimal(500)}
    assert (context["total"], context["used"]) == (Decimal("48000.00"), 96)
    assert context["room"].replace("\u00a0", " ") == (
        "U vraagt € 48.000,00 van hoogstens € 50.000,00; er is nog ruimte voor € 2.000,00."
    )


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
    assert (response.status_code, case.budget_lines.exists()) == (422, False)
    page = response.content.decode()
    # And the one for scripts to copy.
    assert page.count("hub-budget__line--empty") == 2
    assert page.index('name="lines-0-DELETE"') < page.index("hub-budget__line--empty")


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


def test_contributions_above_the_costs_are_saved_in_a_draft_and_told(
    client: Client, case: "scenarios.Case"
) -> None:
    contribution = case.call.headings.get(is_contribution=True)
    typed = lines(case, "100", "200", **{"lines-1-heading": contribution.pk})
    assert client.post(address("budget", case), typed).status_code == 302
    response = client.get(address("budget", case))
    told = "De bijdragen van derden zijn € 100,00 hoger dan de kosten."
    assert told in page_text(response).replace("\u00a0", " ")
    assert [each.sentence for each in response.context["progress"].missing_in("budget")] == [
        "De bijdragen van derden zijn hoger dan de kosten."
    ]


def test_a_budget_form_that_was_tampered_with_is_no_fault(client: Client, case: "scenarios.Case") -> None:
    assert client.post(address("budget", case), {"lines-TOTAL_FORMS": "veel"}).status_code == 422
    heading = {"lines-0-heading": "99999999"}
    assert client.post(address("budget", case), lines(case, "100", **heading)).status_code == 422
