"""The pages of a committee ask the same few questions, however many partners and reviews there are."""

from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from calls.enums import Outcome
from hubportal.accounts.models import User
from hubportal.kernel.money import ZERO
from reviews.domain.advising import fix_advice
from reviews.domain.reviewing import complete_review, save_review
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.calls import make_call
from tests.factories.scenarios import (
    after_deadline,
    assigned,
    committee,
    judgements,
    open_to,
    reviewed,
)
from tests.statements import savepoints_in, statements_of

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("rows", [1, 3])]


def a_case(rows: int, step: Any) -> "scenarios.Case":
    """An application of as many partners and others who review it."""
    call = make_call(slug="oproep", reference_prefix="EEN", reviewers_per_application=rows + 1)
    case: scenarios.Case = step(call=call, partners=rows)
    return case


def first_of(case: "scenarios.Case") -> User:
    return case.assignments.order_by("pk")[0].reviewer


def test_a_review_that_is_not_begun_takes_9_queries(
    client: Client, django_assert_num_queries: Any, rows: int
) -> None:
    case = a_case(rows, assigned)
    log_in(client, first_of(case))
    with django_assert_num_queries(9):
        shown = client.get(reverse("admin:review", args=[case.reference]))
    assert shown.context["is_writable"]


def test_a_review_beside_those_of_the_others_takes_14_queries(
    client: Client, django_assert_num_queries: Any, rows: int
) -> None:
    case = a_case(rows, reviewed)
    log_in(client, first_of(case))
    with django_assert_num_queries(14):
        shown = client.get(reverse("admin:review", args=[case.reference]))
    assert len(shown.context["complete_reviews"]) == rows + 1


def test_the_advice_on_reviews_takes_12_queries(
    client: Client, django_assert_num_queries: Any, rows: int
) -> None:
    case = a_case(rows, reviewed)
    chair = committee().chair
    open_to(case, chair)
    log_in(client, chair)
    with django_assert_num_queries(12):
        shown = client.get(reverse("admin:advice", args=[case.reference]))
    assert len(shown.context["reviews"]) == rows + 1


@pytest.mark.parametrize("version", [0, 1])
def test_saving_a_review_writes_all_scores_in_one_statement(rows: int, version: int) -> None:
    case = a_case(rows, assigned)
    values = {"assignment_id": case.assignments.order_by("pk")[0].pk, "actor": first_of(case), "remark": ""}
    if version:
        save_review(**values, judgements=judgements(case, 2), seen_version=0, at=after_deadline(case, days=1))
    given = judgements(case, 3)
    at = after_deadline(case, days=2)
    sent = statements_of(lambda: save_review(**values, judgements=given, seen_version=version, at=at))
    assert [
        each.split()[:3] for each in sent if each.startswith(("INSERT", "UPDATE")) and "_score" in each
    ] == [["INSERT", "INTO", '"reviews_score"']]
    assert savepoints_in(sent) == 1
    review = case.assignments.order_by("pk")[0].review
    assert [each.value for each in review.scores.all()] == [3] * len(given)


def test_completing_a_review_and_fixing_the_advice_take_no_savepoint_but_their_own(rows: int) -> None:
    case = a_case(rows, assigned)
    for assignment in case.assignments.order_by("pk"):
        at = after_deadline(case, days=1)
        given = {"assignment_id": assignment.pk, "actor": assignment.reviewer, "at": at}
        save_review(**given, judgements=judgements(case, 3), remark="", seen_version=0)
        assert savepoints_in(statements_of(partial(complete_review, **given))) == 1
    chair = committee().chair
    open_to(case, chair)
    advise = partial(
        fix_advice,
        application_id=case.pk,
        outcome=Outcome.REJECTED,
        amount=ZERO,
        text="Niet.",
        actor=chair,
        at=after_deadline(case, days=2),
    )
    assert savepoints_in(statements_of(advise)) == 1
    assert case.advice.mean_score == 3
