"""What one person opened is never done in the name of who logged in since in the same browser (rule 30)."""

import pytest
from django.test import Client
from django.urls import reverse

from applications.enums import Status
from applications.models import Application
from hubportal.whose_page import mark_of
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


def test_an_act_from_the_page_of_another_is_refused_and_what_was_typed_stays_in_sight(client: Client) -> None:
    case = scenarios.submitted()
    colleague = speaker_for(case.lead)
    log_in(client, colleague)
    typed = {"seen": "received", "reason": "Van de ander.", "page_of": mark_of(case.applicant)}
    with at_moment(AT):
        refused = client.post(reverse("applications:withdraw", args=[case.reference]), typed)
        assert refused.status_code == 409
        assert "Er is nu iemand anders ingelogd" in page_text(refused)
        assert "Van de ander." in page_text(refused)
        assert Application.objects.get(pk=case.pk).status == Status.SUBMITTED
        own = {**typed, "page_of": mark_of(colleague)}
        assert client.post(reverse("applications:withdraw", args=[case.reference]), own).status_code == 302


def test_nothing_is_saved_into_the_draft_of_another(client: Client) -> None:
    case = scenarios.written()
    spec = case.call.sections.order_by("position")[0]
    log_in(client, speaker_for(case.lead))
    page = reverse("applications:section", args=[case.reference, spec.key])
    typed = {"text": "Vertrouwelijk.", "seen_version": "2", "page_of": mark_of(case.applicant)}
    with at_moment(AT):
        answer = client.post(page, typed, headers={"accept": "application/json"})
    assert (answer.status_code, "iemand anders" in answer.json()["other"]) == (401, True)
    assert "Vertrouwelijk." not in case.sections.get(spec=spec).text


def test_who_comes_or_goes_may_do_so_from_any_page(client: Client) -> None:
    log_in(client, UserFactory.create())
    assert (
        client.post(reverse("account_logout"), {"page_of": mark_of(UserFactory.create())}).status_code == 302
    )


def test_a_page_says_whose_it_is_and_not_who(client: Client) -> None:
    one, other = UserFactory.create(), UserFactory.create()
    assert "data-page-of" not in client.get(reverse("website:home")).content.decode()
    log_in(client, one)
    page = client.get(reverse("applications:list")).content.decode()
    assert f'data-page-of="{mark_of(one)}"' in page
    assert mark_of(one) != mark_of(other)
    assert len(mark_of(one)) == 32
