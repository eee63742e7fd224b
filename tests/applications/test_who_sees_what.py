"""Every address of an application: nothing for outsiders, lists that stay quick."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.attachments import add_attachment
from applications.domain.draft_copies import ask_for_copy
from applications.urls import urlpatterns
from hubportal.accounts.enums import Role
from tests.applications.collaborating import invited
from tests.applications.leading import offered
from tests.applications.test_comments import commented
from tests.applications.test_tasks import added
from tests.factories import scenarios
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, speaker_for
from tests.pages import at_moment

pytestmark = pytest.mark.django_db

# Reached without an account, or of oneself alone.
OPEN = {
    "list",
    "reminders",
    "ask_question",
    "consent",
    "consent_attachment",
    "sign",
    "invitation",
    "consent_copy_again",
    "signature_copy_again",
}


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


def addresses(case: "scenarios.Case") -> list[str]:
    made = pikepdf.new()
    made.add_blank_page()
    content = BytesIO()
    made.save(content)
    attachment = add_attachment(
        application_id=case.pk, title="plan", content=content.getvalue(), actor=case.applicant, at=AT
    )
    known: dict[str, Any] = {
        "reference": case.reference,
        "coalition_id": case.coalition_id,
        "participation_id": case.partners[0].pk,
        "key": "regio",
        "question_id": 1,
        "number": 1,
        "comment_id": commented(case).pk,
        "collaborator_key": invited(case).key,
        "task_id": added(case).pk,
        "attachment_id": attachment.pk,
        "copy_key": ask_for_copy(reference=case.reference, actor=case.applicant, at=AT).key,
        "consent_id": 1,
        "question_key": uuid4(),
        "offer_key": offered(case, at=AT - timedelta(minutes=2)).key,
        "role": "main_applicant",
    }
    return [
        reverse(
            f"applications:{pattern.name}", kwargs={name: known[name] for name in pattern.pattern.converters}
        )
        for pattern in urlpatterns
        if pattern.name not in OPEN
    ]


def answers(client: Client, url: str) -> set[int]:
    return {client.get(url).status_code, client.post(url, {}).status_code}


@pytest.mark.parametrize("step", [scenarios.written, scenarios.ready])
def test_outsiders_and_assessors_find_nothing_at_any_address(client: Client, step: Any) -> None:
    case = scenarios.started()
    urls = addresses(case)
    step(case)
    other = scenarios.started(coalition_name="Andere coalitie")
    for outsider in (person(), other.applicant, person(Role.REVIEWER), person(Role.OFFICER)):
        log_in(client, outsider)
        for url in urls:
            assert answers(client, url) <= {404, 405}, url
    assert len(urls) == len(urlpatterns) - len(OPEN)


def test_visitors_are_asked_to_log_in_at_every_address(client: Client) -> None:
    login = reverse("account_login")
    for url in addresses(scenarios.started()):
        for response in (client.get(url), client.post(url, {})):
            assert response.status_code in {302, 405}
            assert response.status_code == 405 or response.url.startswith(login), url
    assert client.get(reverse("applications:list")).status_code == 302


def test_a_partner_reads_nothing_before_it_is_asked_and_never_writes(client: Client) -> None:
    case = scenarios.started()
    urls = addresses(case)
    partner = speaker_for(case.partners[0].organisation)
    log_in(client, partner)
    # Of what the lead offered it, it reads the offer alone (rule 44).
    of_offer = str(case.coalition.lead_offers.get().key)
    for url in urls:
        assert (of_offer in url and answers(client, url) == {200}) or answers(client, url) <= {404, 405}, url
    scenarios.ready(case)
    for name in ("particulars", "people", "partners", "budget", "attachments", "check", "withdraw"):
        url = reverse(f"applications:{name}", args=[case.reference])
        assert answers(client, url) <= {404, 405}, url


def test_wrong_methods_are_never_a_fault(client: Client) -> None:
    case = scenarios.started()
    urls = addresses(case)
    log_in(client, case.applicant)
    for url in urls:
        for method in (client.put, client.delete, client.patch):
            assert method(url).status_code == 405, url


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_many_rows(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    first = scenarios.ready()
    partner = speaker_for(first.partners[0].organisation)
    for number in range(count - 1):
        scenarios.ready(
            lead=first.lead,
            region=first.coalition.region,
            applicant=first.applicant,
            coalition_name=f"Coalitie {number}",
        )
    log_in(client, first.applicant)
    with django_assert_num_queries(10):
        client.get(reverse("applications:list"))
    log_in(client, partner)
    with django_assert_num_queries(8):
        client.get(reverse("applications:list"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_partners_page_takes_the_same_queries_however_many_partners(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    case = scenarios.ready(partners=count)
    RepresentativeFactory.create(organisation=case.lead)
    log_in(client, case.applicant)
    with django_assert_num_queries(14):
        client.get(reverse("applications:partners", args=[case.reference]))
