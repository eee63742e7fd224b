"""Who reviews or takes part is told that an application was withdrawn, and loses nothing of what they wrote (rules 25 and 32)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.submitting import withdraw
from hubportal.accounts.enums import Role
from hubportal.mail.models import OutgoingMail
from reviews.domain.interests import declare_interest
from reviews.models import Review
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.scenarios import after_deadline, assigned, judged, sealed, started, submitted
from tests.pages import page_text

pytestmark = pytest.mark.django_db

SENTENCE = "Deze aanvraag is ingetrokken en heeft uw beoordeling niet meer nodig."


def typed(case: Any, reason: str, *, version: int) -> dict[str, str]:
    fields = {"seen_version": str(version), "remark": ""}
    for each in case.call.criteria.all():
        fields |= {f"score-{each.key}": "4", f"reason-{each.key}": reason}
    return fields


def mailed(kind: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("recipient", flat=True))


def end(case: Any) -> None:
    withdraw(application_id=case.pk, actor=case.applicant, at=after_deadline(case, days=2))


def test_a_reviewer_hears_that_it_was_withdrawn_and_keeps_what_was_saved_and_what_was_typed(
    client: Client,
) -> None:
    case = assigned()
    log_in(client, case.assignments.order_by("pk")[0].reviewer)
    address = reverse("admin:review", args=[case.reference])
    client.post(address, {**typed(case, "Eerder bewaard.", version=0), "save": "1"})
    end(case)
    for button in ("save", "complete"):
        refused = client.post(address, {**typed(case, "Net getypt.", version=1), button: "1"})
        assert refused.status_code == 422
        text = page_text(refused)
        assert SENTENCE in text
        assert "Net getypt." in text
        assert "Eerder bewaard." in text
        assert "advies" not in text.lower()
    again = page_text(client.get(address))
    assert "De aanvraag is ingetrokken" in again
    assert "Eerder bewaard." in again
    assert Review.objects.get().version == 1
    assert "ingetrokken" in page_text(client.get(reverse("admin:assignments")))


def test_script_that_saves_hears_that_it_was_withdrawn(client: Client) -> None:
    case = assigned()
    log_in(client, case.assignments.order_by("pk")[0].reviewer)
    end(case)
    address = reverse("admin:review", args=[case.reference])
    asked = {"accept": "application/json"}
    refused = client.post(address, typed(case, "Net getypt.", version=0), headers=asked)
    assert (refused.status_code, SENTENCE in refused.json()["message"]) == (422, True)


def test_partners_and_reviewers_to_whom_it_is_open_are_mailed_once() -> None:
    case = assigned(partners=2)
    first, second = case.assignments.order_by("pk")
    undeclared = assigned_to_somebody_else(case)
    judged(first, at=after_deadline(case, days=1))
    declare_interest(
        application_id=case.pk, has_interest=True, explanation="Buur.", actor=first.reviewer, at=AT
    )
    for _click in range(2):
        end(case)
    assert mailed("withdrawn") == [case.applicant.email]
    people = case.people
    told = {*(each.contact_email for each in case.partners), people.signatory_email, people.leader_email}
    assert mailed("withdrawn_for_partner") == sorted(told - {case.applicant.email})
    assert mailed("withdrawn_for_reviewer") == sorted([second.reviewer.email, undeclared.email])
    told = OutgoingMail.objects.filter(kind="withdrawn_for_reviewer")[0]
    for closed in (case.lead.name, case.coalition.name, case.title):
        assert closed not in told.subject + told.body


def assigned_to_somebody_else(case: Any) -> Any:
    reviewer = person(Role.REVIEWER)
    case.assignments.create(reviewer=reviewer, assigned_at=AT)
    return reviewer


def test_nobody_is_mailed_about_a_draft_and_no_reviewer_before_assigning() -> None:
    draft = started()
    withdraw(application_id=draft.pk, actor=draft.applicant, at=AT)
    assert not OutgoingMail.objects.exists()
    case = submitted(call=draft.call)
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    told = {case.partners[0].contact_email, case.people.signatory_email, case.people.leader_email}
    assert mailed("withdrawn_for_partner") == sorted(told - {case.applicant.email})
    assert mailed("withdrawn_for_reviewer") == []


@pytest.mark.parametrize("count", [1, 3])
def test_withdrawing_takes_a_mail_per_partner_and_no_other_question(
    django_assert_num_queries: Any, count: int
) -> None:
    case = sealed(partners=count)
    with django_assert_num_queries(20 + count):
        end(case)
