"""What is missing on each page of a draft, and whose turn it is (rules 7, 8 and 10)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from applications.domain.drafting import save_people
from applications.models import Application, OneTimeLink
from coalitions.domain.coalitions import change_contact
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db
EARLY = {"title": "Samen", "starts_on": "2024-05-02", "duration_months": "6"}


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture
def case(client: Client) -> "scenarios.Case":
    case = scenarios.written()
    log_in(client, case.applicant)
    return case


def address(name: str, case: Application, *more: object) -> str:
    return reverse(f"applications:{name}", args=[case.reference, *more])


def ask(client: Client, case: "scenarios.Case") -> OneTimeLink:
    client.post(address("ask_consent", case, case.partners[0].pk))
    return OneTimeLink.objects.get()


def notice(client: Client, case: Application, name: str) -> str:
    """Return what a page lists as missing."""
    page = client.get(address(name, case)).content.decode()
    return page.split('class="hub-missing"')[1].split("</div>")[0] if 'class="hub-missing"' in page else ""


def progress(client: Client, case: Application) -> Any:
    return client.get(address("overview", case)).context["progress"]


def test_an_expired_question_is_the_applicants_turn(client: Client, case: "scenarios.Case") -> None:
    link = ask(client, case)
    with at_moment(link.expires_at - timedelta(minutes=1)):
        log_in(client, case.applicant)
        found = progress(client, case)
        assert [each.page for each in found.others_turn] == ["partners"]
        # The first round closed meanwhile.
        assert [each.page for _step, each in found.your_turn] == ["particulars"]
    with at_moment(link.expires_at):
        log_in(client, case.applicant)
        found = progress(client, case)
        assert found.others_turn == []
        assert "werkt niet meer" in [str(each.sentence) for _step, each in found.your_turn][-1]
        [step] = [each for each in found.steps if each.key == "partners"]
        assert (step.waits, step.is_done) == (False, False)
        rows = client.get(address("partners", case)).context["asked"]
        assert [each.state.kind for each in rows] == ["warning"]


def test_a_question_to_somebody_who_no_longer_answers_is_the_applicants_turn(
    client: Client, case: "scenarios.Case"
) -> None:
    link = ask(client, case)
    change_contact(
        participation_id=case.partners[0].pk,
        contact_name="Iemand Anders (fictief)",
        contact_email="anders@partner.example",
        actor=case.applicant,
        at=AT,
    )
    assert [each.page for _step, each in progress(client, case).your_turn] == ["partners"]
    assert progress(client, case).others_turn == []
    [row] = client.get(address("partners", case)).context["asked"]
    assert row.state.kind == "warning"
    assert link.email in row.state.sentence


def test_a_page_tells_after_saving_what_is_missing(client: Client) -> None:
    case = scenarios.started()
    log_in(client, case.applicant)
    assert notice(client, case, "particulars") == ""
    response = client.post(address("particulars", case), {**EARLY, "seen_version": 1, "stay": "1"})
    assert response.status_code == 302
    assert "Begin op of na" in notice(client, case, "particulars")
    assert 'href="#id_starts_on"' in notice(client, case, "particulars")
    assert [each.level_tag for each in get_messages(response.wsgi_request)] == ["info"]


def test_the_next_page_tells_what_is_missing_on_the_one_before(client: Client) -> None:
    case = scenarios.started()
    log_in(client, case.applicant)
    response = client.post(address("particulars", case), {**EARLY, "seen_version": 1}, follow=True)
    text = page_text(response)
    assert "Nog nodig bij “Titel en data”: Begin op of na" in text
    assert notice(client, case, "people") == ""


def test_who_goes_on_from_a_whole_page_is_told_nothing(client: Client, case: "scenarios.Case") -> None:
    typed = {
        "title": "Ander",
        "starts_on": case.starts_on,
        "duration_months": 6,
        "seen_version": case.particulars_version,
    }
    response = client.post(address("particulars", case), typed)
    assert [each.level_tag for each in get_messages(response.wsgi_request)] == ["info"]


@pytest.mark.parametrize("name", ["particulars", "people", "budget"])
def test_a_page_on_which_nothing_was_saved_lists_nothing_missing(client: Client, name: str) -> None:
    case = scenarios.started()
    log_in(client, case.applicant)
    assert notice(client, case, name) == ""


def name_people(case: "scenarios.Case", **changes: str) -> None:
    values = {**scenarios.people_of(case), **changes}
    save_people(
        application_id=case.pk, values=values, seen_version=case.people.version, actor=case.applicant, at=AT
    )
    case.refresh_from_db()


@pytest.mark.parametrize("email", ["same", "capitals", "plus"])
def test_two_people_who_sign_through_one_mailbox_are_not_ready(
    client: Client, case: "scenarios.Case", email: str
) -> None:
    local, _at, domain = case.applicant.email.partition("@")
    typed = {
        "same": f"{local}@{domain}",
        "capitals": f"{local.upper()}@{domain}",
        "plus": f"{local}+b@{domain}",
    }
    name_people(case, signatory_email=typed[email])
    assert "een eigen e-mailadres" in notice(client, case, "people")
    assert "people" in [each.page for each in progress(client, case).missing]


def test_one_person_in_both_roles_has_one_mailbox(client: Client, case: "scenarios.Case") -> None:
    name_people(
        case,
        signatory_name=f" {case.applicant.full_name.upper()}",
        signatory_email=case.applicant.email,
    )
    assert notice(client, case, "people") == ""


def test_what_there_is_to_read_stands_above_the_button_to_submit(client: Client) -> None:
    case = scenarios.ready()
    log_in(client, case.applicant)
    page = client.get(address("check", case)).content.decode()
    assert page.index('href="#submit"') < page.index(case.call.declaration_text) < page.index('id="submit"')
    assert page.index('id="submit"') < page.index('name="round"')


def test_what_is_missing_stands_above_what_there_is_to_read(client: Client, case: "scenarios.Case") -> None:
    page = client.get(address("check", case)).content.decode()
    assert page.index("hub-missing__title") < page.index(case.call.declaration_text)
    assert 'href="#submit"' not in page
