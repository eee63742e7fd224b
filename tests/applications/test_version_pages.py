"""The pages of earlier versions: who sees them, what they compare, and putting one back with a click (rules 22 and 32)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.drafting import save_section
from applications.models import EarlierVersion
from hubportal.accounts.enums import Role
from hubportal.kernel.earlier_versions import ONE_VERSION
from tests.applications.test_versions import budgeted, titled
from tests.factories import scenarios
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db
KEY = "opgave"
LATER = AT + timedelta(days=2)


@pytest.fixture(autouse=True)
def _two_days_later() -> Iterator[None]:
    with at_moment(LATER):
        yield


@pytest.fixture
def case(client: Client) -> "scenarios.Case":
    case = scenarios.started(partners=1)
    log_in(client, case.applicant)
    return case


def write(case: "scenarios.Case", *texts: str, actor: Any = None, begin: int = 0) -> None:
    """Save texts one after another, each a version."""
    for number, text in enumerate(texts, start=begin):
        save_section(
            reference=case.reference,
            key=KEY,
            text=text,
            seen_version=number,
            actor=actor or case.applicant,
            at=AT + number * ONE_VERSION,
        )


def of(case: "scenarios.Case", *number: int, part: str = "section", **query: object) -> str:
    name = f"applications:{part}_version" + ("" if number else "s")
    key = [KEY] if part == "section" else []
    return reverse(name, args=[case.reference, *key, *number], query=query)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_the_same_queries_however_many_versions(
    client: Client, case: "scenarios.Case", django_assert_num_queries: Any, rows: int
) -> None:
    write(case, *(f"Tekst {number}" for number in range(rows)))
    with django_assert_num_queries(7):
        shown = client.get(of(case))
    assert [each.number for each in shown.context["versions"]] == list(range(rows, 0, -1))
    assert [each.is_now for each in shown.context["versions"]] == [True, *[False] * (rows - 1)]


@pytest.mark.parametrize(("part", "queries"), [("particulars", 6), ("budget", 7)])
def test_the_lists_of_what_has_no_section_take_the_same_queries_too(
    client: Client, case: "scenarios.Case", django_assert_num_queries: Any, part: str, queries: int
) -> None:
    for number in range(3):
        if part == "budget":
            budgeted(case, ("lead", 100 + number), at=AT + number * ONE_VERSION)
        else:
            titled(case, f"Titel {number}", 6, AT + number * ONE_VERSION)
    with django_assert_num_queries(queries):
        shown = client.get(of(case, part=part))
    assert [each.number for each in shown.context["versions"]] == [4, 3, 2]


def test_two_versions_are_compared_with_what_was_put_in_and_taken_out(
    client: Client, case: "scenarios.Case", django_assert_num_queries: Any
) -> None:
    write(case, "Wij gaan op pad.", "Wij gaan niet op pad.", "Wij gaan niet naar huis.")
    with django_assert_num_queries(8):
        shown = client.get(of(case, van=1, naar=2))
    assert "Wij gaan [toegevoegd: niet ] op pad." in page_text(shown)
    # In whichever order they were chosen.
    assert client.get(of(case, van=2, naar=1)).context["chosen"] == shown.context["chosen"]
    now = page_text(client.get(of(case, van=2, naar=3)))
    assert "[weggehaald: op pad ] [toegevoegd: naar huis ]" in now


@pytest.mark.parametrize(("van", "naar"), [("1", "1"), ("1", "99"), ("", "2"), ("x", "2"), ("1" * 40, "-2")])
def test_a_choice_of_no_two_versions_is_asked_again(
    client: Client, case: "scenarios.Case", van: str, naar: str
) -> None:
    write(case, "Eerst", "Later")
    shown = client.get(of(case, van=van, naar=naar))
    assert (shown.status_code, shown.context["chosen"]) == (200, None)
    assert "Kies twee verschillende versies." in page_text(shown)


def test_a_version_is_put_back_with_a_click_and_a_second_one_does_nothing(
    client: Client, case: "scenarios.Case"
) -> None:
    colleague = speaker_for(case.lead, full_name="Cor Collega (fictief)")
    write(case, "Van mij")
    write(case, "Van een ander", actor=colleague, begin=1)
    page = page_text(client.get(of(case, 1)))
    assert "[weggehaald: een ander ] [toegevoegd: mij ]" in page
    for _click in range(2):
        done = client.post(of(case, 1), {"seen_version": "2"})
        assert (done.status_code, done["Location"]) == (
            302,
            reverse("applications:section", args=[case.reference, KEY]),
        )
    section = case.sections.get(spec__key=KEY)
    assert (section.text, section.version) == ("Van mij", 3)
    listed = page_text(client.get(of(case)))
    assert "Cor Collega (fictief)" in listed
    assert "Teruggezet van 1 mei 2024 10:00" in listed


def test_over_something_newer_nothing_is_put_back_and_both_are_compared_anew(
    client: Client, case: "scenarios.Case"
) -> None:
    write(case, "Eerst", "Later", "Nog later")
    answer = client.post(of(case, 1), {"seen_version": "2"})
    assert answer.status_code == 409
    assert "niets teruggezet" in page_text(answer)
    assert answer.context["versioned"].now.number == 3
    assert case.sections.get(spec__key=KEY).text == "Nog later"


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30, "²"])
def test_without_a_version_that_was_seen_nothing_is_put_back(
    client: Client, case: "scenarios.Case", seen: str
) -> None:
    write(case, "Eerst", "Later")
    assert client.post(of(case, 1), {"seen_version": seen}).status_code == 409


def test_title_and_dates_and_the_budget_are_compared_and_put_back_too(
    client: Client, case: "scenarios.Case"
) -> None:
    titled(case, "Eerst", 6, AT)
    titled(case, "Later", 1, AT + ONE_VERSION)
    budgeted(case, ("lead", 1250), at=AT)
    budgeted(case, ("lead", 1350), at=AT + ONE_VERSION)
    assert "Eerst" in page_text(client.get(of(case, 2, part="particulars")))
    lines = page_text(client.get(of(case, part="budget", van=2, naar=3)))
    assert "[weggehaald: 1.250,00 ] [toegevoegd: 1.350,00 ]" in lines
    for part in ("particulars", "budget"):
        assert client.post(of(case, 2, part=part), {"seen_version": "3"}).status_code == 302
    case.refresh_from_db()
    assert (case.title, case.duration_months, case.requested_amount) == ("Eerst", 6, 1250)


def test_what_names_who_left_is_refused_with_a_sentence(client: Client, case: "scenarios.Case") -> None:
    budgeted(case, ("lead", 100), ("partner", 50), at=AT)
    budgeted(case, ("lead", 100), at=AT + ONE_VERSION)
    partner = case.partners[0]
    client.post(reverse("applications:remove_partner", args=[case.reference, partner.pk]))
    answer = client.post(of(case, 2, part="budget"), {"seen_version": "3"})
    assert answer.status_code == 422
    assert partner.stated_name in page_text(answer)


def test_what_stands_is_where_it_is_written_and_what_is_not_kept_is_nowhere(
    client: Client, case: "scenarios.Case"
) -> None:
    write(case, "Eerst", "Later")
    assert client.get(of(case, 2))["Location"] == reverse("applications:section", args=[case.reference, KEY])
    assert client.get(of(case, 7)).status_code == 404
    assert client.post(of(case, 7), {"seen_version": "2"}).status_code == 404
    unknown = reverse("applications:section_versions", args=[case.reference, "bestaat-niet"])
    assert client.get(unknown).status_code == 404


def test_nobody_else_reads_versions_and_after_submission_nobody(client: Client) -> None:
    """Rules 22 and 26: the office and reviewers read what was submitted, and nothing before it."""
    case = scenarios.ready()
    write(case, "Kanarie van vroeger", case.sections.get(spec__key=KEY).text, begin=1)
    strangers = [person(), person(Role.OFFICER), person(Role.REVIEWER), person(Role.KWARTIERMAKER)]
    for each in strangers:
        log_in(client, each, second_factor=True)
        assert [client.get(address).status_code for address in (of(case), of(case, 1))] == [404, 404]
        assert client.post(of(case, 1), {"seen_version": "3"}).status_code == 404
    scenarios.submitted(case, at=AT + timedelta(hours=1))
    log_in(client, case.applicant)
    status = reverse("applications:status", args=[case.reference])
    assert [client.get(address)["Location"] for address in (of(case), of(case, 1))] == [status, status]
    assert client.post(of(case, 1), {"seen_version": "3"})["Location"] == status
    assert not EarlierVersion.objects.exists()


def test_every_page_that_is_written_leads_to_its_versions(client: Client, case: "scenarios.Case") -> None:
    write(case, "Eerst")
    titled(case, "Titel", 6, AT)
    budgeted(case, ("lead", 100), at=AT)
    for part, arguments in (("section", [KEY]), ("particulars", []), ("budget", [])):
        page = client.get(reverse(f"applications:{part}", args=[case.reference, *arguments]))
        assert of(case, part=part) in page.content.decode()
