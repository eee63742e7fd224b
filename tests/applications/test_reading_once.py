"""What a page or an act reads of an application, it reads once, however much there is of it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.consent_states import consent_states
from applications.domain.consents import ask_consent
from applications.domain.content import content_of, reading_digest
from applications.domain.readiness import what_is_missing
from applications.domain.snapshot import snapshot_of
from applications.models import Application
from tests.applications.world import attachment
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.calls import call_2024_spec, make_call
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.pages import at_moment
from tests.statements import savepoints_in, statements_of

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("rows", [1, 3])]

Step = Callable[..., "scenarios.Case"]


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


def a_case(step: Step, rows: int, **values: Any) -> "scenarios.Case":
    """A draft with as many partners, sections, attachments and shares of the budget."""
    spec = call_2024_spec()
    spec["sections"] = spec["sections"][:rows]
    call = make_call(spec=spec, slug="oproep", reference_prefix="EEN", **values)
    before = scenarios.written if step is scenarios.ready else step
    case = before(call=call, partners=rows)
    for number in range(rows):
        attachment(case, f"{number}" * 64)
    return scenarios.ready(case) if step is scenarios.ready else case


def address(name: str, case: Application, *more: object) -> str:
    return reverse(f"applications:{name}", args=[case.reference, *more])


@pytest.mark.parametrize(("name", "number"), [("partners", 14), ("attachments", 12), ("check", 13)])
def test_a_page_of_a_draft_takes_the_same_queries_however_much_is_in_it(
    client: Client, django_assert_num_queries: Any, rows: int, name: str, number: int
) -> None:
    case = a_case(scenarios.ready, rows)
    log_in(client, case.applicant)
    with django_assert_num_queries(number):
        shown = client.get(address(name, case))
    assert shown.status_code == 200
    assert shown.context["progress"].is_complete


def test_the_budget_asks_for_its_headings_and_their_help_in_one(
    client: Client, django_assert_num_queries: Any, rows: int
) -> None:
    case = a_case(scenarios.ready, rows)
    log_in(client, case.applicant)
    with django_assert_num_queries(12):
        shown = client.get(address("budget", case))
    assert len(shown.context["shares"]) == rows + 1


def test_the_page_of_a_section_takes_11_queries_and_one_for_questions_of_the_region_where_it_offers_them(
    client: Client, django_assert_num_queries: Any, rows: int
) -> None:
    case = a_case(scenarios.ready, rows)
    log_in(client, case.applicant)
    spec = case.call.sections.all()[rows - 1]
    url = address("section", case, spec.key)
    with django_assert_num_queries(12 if spec.offers_questions else 11):
        shown = client.get(url)
    assert shown.context["form"]["seen_version"].value() == 1


@pytest.mark.parametrize("version", [0, 1])
def test_saving_while_somebody_types_takes_8_queries_and_no_savepoint_but_its_own(
    client: Client, rows: int, version: int
) -> None:
    case = a_case(scenarios.written if version else scenarios.started, rows)
    log_in(client, case.applicant)
    url = address("section", case, case.call.sections.all()[rows - 1].key)
    typed = {"text": "Nieuw", "seen_version": version}
    sent = statements_of(lambda: client.post(url, typed, headers={"Accept": "application/json"}))
    assert (len(sent), savepoints_in(sent)) == (8, 1)
    assert case.sections.get(spec=case.call.sections.all()[rows - 1]).text == "Nieuw"


def table_of(case: "scenarios.Case", lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what the page of the budget sends."""
    table = {"seen_version": case.budget_version, "lines-TOTAL_FORMS": len(lines), "lines-INITIAL_FORMS": 0}
    return table | {
        f"lines-{row}-{name}": value for row, line in enumerate(lines) for name, value in line.items()
    }


def lines_of(case: "scenarios.Case") -> list[dict[str, Any]]:
    """Return the lines of a budget as its page shows them."""
    columns = ("heading", "participation", "description", "amount", "key")
    return list(case.budget_lines.values(*columns))


@pytest.mark.parametrize("does", ["begins", "changes", "adds", "removes"])
def test_saving_the_budget_while_somebody_types_takes_8_queries_however_much_is_in_it(
    client: Client, rows: int, does: str
) -> None:
    """And BEGIN and COMMIT, which are a savepoint here."""
    case = a_case(scenarios.started if does == "begins" else scenarios.written, rows)
    log_in(client, case.applicant)
    line = {
        "heading": case.call.headings.filter(is_contribution=False)[0].pk,
        "participation": case.coalition.participations.get(is_lead=True).pk,
        "description": "Nieuwe uren",
        "amount": "1250,00",
        "key": uuid4(),
    }
    lines = lines_of(case)
    if does == "removes":
        lines.pop()
    elif does == "changes":
        lines[0] |= {"description": "Andere uren"}
    else:
        lines.append(line)
    sent = statements_of(
        lambda: client.post(
            address("budget", case), table_of(case, lines), headers={"Accept": "application/json"}
        )
    )
    assert (len(sent), savepoints_in(sent)) == (8 + 2, 1)
    assert [each["description"] for each in lines_of(case)] == [each["description"] for each in lines]


def test_lines_that_change_places_are_saved_anew(client: Client, rows: int) -> None:
    case = a_case(scenarios.written, rows)
    log_in(client, case.applicant)
    lines = lines_of(case)[::-1]
    client.post(address("budget", case), table_of(case, lines), headers={"Accept": "application/json"})
    assert [each["key"] for each in lines_of(case)] == [each["key"] for each in lines]
    assert [each.position for each in case.budget_lines.all()] == list(range(1, len(lines) + 1))


def test_a_save_that_begins_a_version_takes_no_query_more(client: Client, rows: int) -> None:
    """Rule 32."""
    case = a_case(scenarios.written, rows)
    log_in(client, speaker_for(case.lead))
    url = address("section", case, case.call.sections.all()[rows - 1].key)
    typed = {"text": "Nieuw", "seen_version": 1}
    sent = statements_of(lambda: client.post(url, typed, headers={"Accept": "application/json"}))
    assert (len(sent), case.earlier_versions.count()) == (8, 1)


@pytest.mark.parametrize(("is_main_applicant", "queries"), [(True, 34), (False, 39)])
def test_submitting_takes_34_queries_and_five_for_one_more_to_ask(
    client: Client, rows: int, is_main_applicant: bool, queries: int
) -> None:
    case = a_case(scenarios.ready, rows)
    log_in(client, case.applicant if is_main_applicant else speaker_for(case.lead))
    first = case.call.rounds.get(number=1)
    sent = statements_of(lambda: client.post(address("submit", case), {"round": first.pk}))
    assert (len(sent), savepoints_in(sent)) == (queries, 1)
    assert Application.objects.get(pk=case.pk).status == "submitted"


@pytest.mark.parametrize(("is_main_applicant", "queries"), [(True, 36), (False, 41)])
def test_a_call_that_takes_one_of_each_asks_twice_more(
    client: Client, rows: int, is_main_applicant: bool, queries: int
) -> None:
    """Submitting waits for concurrent submissions, and sees them (rule 11)."""
    case = a_case(scenarios.ready, rows, allows_several_coalitions_per_region=False)
    log_in(client, case.applicant if is_main_applicant else speaker_for(case.lead))
    first = case.call.rounds.get(number=1)
    sent = statements_of(lambda: client.post(address("submit", case), {"round": first.pk}))
    assert (len(sent), savepoints_in(sent)) == (queries, 1)
    assert Application.objects.get(pk=case.pk).status == "submitted"


def test_the_page_of_a_partner_takes_the_same_queries_however_much_is_in_it(
    client: Client, django_assert_num_queries: Any, rows: int
) -> None:
    case = a_case(scenarios.ready, rows)
    partner = case.partners[-1]
    ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
    secret = scenarios.mailed_secret(partner.contact_email)
    # That it was opened for the first time is noted, once.
    with django_assert_num_queries(16):
        client.get(reverse("applications:consent", args=[secret]))
    with django_assert_num_queries(12):
        shown = client.get(reverse("applications:consent", args=[secret]))
    assert len(shown.context["content"]["organisations"]) == rows + 1


def test_a_snapshot_takes_7_queries_and_asks_no_more(django_assert_num_queries: Any, rows: int) -> None:
    case = a_case(scenarios.ready, rows)
    application = Application.objects.select_related("call", "coalition__region").get(pk=case.pk)
    with django_assert_num_queries(7):
        snapshot = snapshot_of(application)
    with django_assert_num_queries(0):
        content = content_of(snapshot)
        reading_digest(snapshot)
        states = consent_states(snapshot)
        missing = what_is_missing(snapshot, review_round=None, at=AT)
    kinds = ("organisations", "sections", "attachments", "budget")
    assert [len(content[each]) for each in kinds] == [rows + 1, rows, rows, rows + 2]
    assert [each.is_valid for each in states] == [True] * rows
    assert missing == []
