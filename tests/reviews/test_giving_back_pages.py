"""Who could read other reviews asks the chair on a page, and the earlier scores stay in sight (rules 16 and 30)."""

from typing import Any

import pytest
from django.urls import reverse

from reviews.domain.interests import declare_interest
from reviews.models import Review, WithdrawalRequest, WithdrawnReview
from tests.factories.accounts import log_in
from tests.factories.scenarios import (
    after_deadline,
    committee,
    judgements,
    open_to,
    reviewed,
    several_submitted,
)
from tests.pages import page_text

pytestmark = pytest.mark.django_db


def take_back_page(case: Any) -> str:
    return reverse("admin:withdraw_review", args=[case.reference])


def asked_for(client: Any, case: Any, reason: str = "Ik las een bijlage niet.") -> WithdrawalRequest:
    """Ask as the first reviewer."""
    first = case.assignments.order_by("pk")[0]
    log_in(client, first.reviewer)
    client.post(take_back_page(case), {"seen": "1", "reason": reason, "ask": "1"})
    return WithdrawalRequest.objects.get(review__assignment=first)


def test_the_page_asks_the_chair_once_another_review_was_there(client):
    case = reviewed()
    first = case.assignments.order_by("pk")[0]
    log_in(client, first.reviewer)
    assert 'name="ask"' in client.get(take_back_page(case)).content.decode()
    # A page that was opened before the other review came in.
    refused = client.post(take_back_page(case), {"seen": "1", "reason": "Ik las een bijlage niet."})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["__all__"])
    assert refused.context["form"]["reason"].value() == "Ik las een bijlage niet."
    sent = {"seen": "1", "reason": "Ik las een bijlage niet.", "ask": "1"}
    home = reverse("admin:review", args=[case.reference])
    assert [client.post(take_back_page(case), sent).url for _click in range(2)] == [home] * 2
    assert WithdrawalRequest.objects.count() == 1
    shown = page_text(client.get(home))
    assert "Ik las een bijlage niet." in shown
    assert "Er is nog geen antwoord" in shown


def test_what_changed_since_it_was_shown_is_said_and_the_reason_stays(client):
    case = reviewed()
    log_in(client, case.assignments.order_by("pk")[0].reviewer)
    refused = client.post(take_back_page(case), {"seen": "7", "reason": "Een vergissing.", "ask": "1"})
    assert refused.status_code == 422
    form = refused.context["form"]
    assert (form["reason"].value(), form["seen"].value()) == ("Een vergissing.", "1")
    assert not WithdrawalRequest.objects.exists()


def test_the_chair_allows_it_and_sees_both_scores(client):
    case = reviewed(score=2)
    asked = asked_for(client, case)
    chair = committee().chair
    open_to(case, chair)
    log_in(client, chair)
    address = reverse("admin:answer_withdrawal", args=[asked.pk])
    for page_of_chair in (
        reverse("admin:advice", args=[case.reference]),
        reverse("admin:advice_waiting"),
    ):
        assert address in client.get(page_of_chair).content.decode()
    shown = client.get(address)
    assert "Ik las een bijlage niet." in page_text(shown)
    seen = shown.context["form"]["seen"].value()
    refused = client.post(address, {"answer": "Een echte vergissing.", "seen": seen})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["is_allowed"])
    sent = {
        "is_allowed": "yes",
        "answer": "Een echte vergissing.",
        "seen": refused.context["form"]["seen"].value(),
    }
    assert client.post(address, sent).url == reverse("admin:advice", args=[case.reference])
    assert WithdrawnReview.objects.get().request == asked
    assert client.get(address).status_code == 404
    rewrite(client, case)
    log_in(client, chair)
    told = page_text(client.get(reverse("admin:advice", args=[case.reference])))
    assert "Eerder: score 2." in told
    assert "Een echte vergissing." in told


def rewrite(client: Any, case: Any) -> None:
    """Change the first review and hand it in again, as its reviewer."""
    first = case.assignments.order_by("pk")[0]
    log_in(client, first.reviewer)
    review = Review.objects.get(assignment=first)
    typed: dict[str, str] = {"seen_version": str(review.version), "remark": ""}
    for criterion, each in judgements(case, 5).items():
        typed |= {f"score-{criterion.key}": str(each.value), f"reason-{criterion.key}": each.reason}
    check = reverse("admin:check_review", args=[case.reference])
    assert (
        client.post(reverse("admin:review", args=[case.reference]), {**typed, "complete": "1"}).url == check
    )
    client.post(check, {"seen": str(review.version + 1)})


def test_a_refusal_is_told_to_the_reviewer(client):
    case = reviewed()
    asked = asked_for(client, case)
    open_to(case, committee().chair)
    log_in(client, committee().chair)
    address = reverse("admin:answer_withdrawal", args=[asked.pk])
    seen = client.get(address).context["form"]["seen"].value()
    client.post(address, {"is_allowed": "no", "answer": "Dit is geen vergissing.", "seen": seen})
    log_in(client, asked.review.assignment.reviewer)
    assert "Dit is geen vergissing." in page_text(client.get(reverse("admin:review", args=[case.reference])))


def test_the_chair_answers_beside_the_reviews_that_were_shown(client):
    """Rule 30: what changed since is shown again, with the answer as it was typed."""
    case = reviewed(score=2)
    asked = asked_for(client, case)
    open_to(case, committee().chair)
    log_in(client, committee().chair)
    address = reverse("admin:answer_withdrawal", args=[asked.pk])
    seen = client.get(address).context["form"]["seen"].value()
    other = Review.objects.exclude(pk=asked.review_id).get()
    declare_interest(
        application_id=case.pk,
        has_interest=True,
        explanation="x",
        actor=other.assignment.reviewer,
        at=after_deadline(case, days=16),
    )
    for shown in (seen, ""):
        refused = client.post(address, {"is_allowed": "yes", "answer": "Een vergissing.", "seen": shown})
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["__all__"])
        assert refused.context["form"]["answer"].value() == "Een vergissing."
    assert not WithdrawnReview.objects.exists()
    again = {
        "is_allowed": "yes",
        "answer": "Een vergissing.",
        "seen": refused.context["form"]["seen"].value(),
    }
    assert client.post(address, again).status_code == 302
    assert WithdrawnReview.objects.count() == 1


def test_whoever_may_not_read_the_reviews_knows_of_no_request(client):
    case = reviewed()
    asked = asked_for(client, case)
    log_in(client, committee().chair)
    assert client.get(reverse("admin:answer_withdrawal", args=[asked.pk])).status_code == 404
    assert not client.get(reverse("admin:advice_waiting")).context["asked"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_request_and_three(client, django_assert_num_queries, number):
    for case in several_submitted(number):
        reviewed(case)
        asked_for(client, case)
        open_to(case, committee().chair)
    log_in(client, committee().chair)
    with django_assert_num_queries(11):
        assert len(client.get(reverse("admin:advice_waiting")).context["asked"]) == number
