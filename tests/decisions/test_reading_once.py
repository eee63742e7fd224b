"""The page of a decision asks the same few questions, however much there is to weigh."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from calls.enums import Outcome
from decisions.domain.deciding import record_decision
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.calls import make_call
from tests.factories.scenarios import (
    advised,
    after_deadline,
    committee,
    decided,
    open_to,
    submitted,
)
from tests.statements import savepoints_in, statements_of

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("rows", [1, 3])]


def a_case(rows: int, step: Any) -> "scenarios.Case":
    """An application of as many partners and others of its region, reviewed by one more than that."""
    call = make_call(slug="oproep", reference_prefix="EEN", reviewers_per_application=rows + 1)
    first = submitted(call=call, partners=rows)
    for _other in range(rows):
        submitted(call=call, region=first.coalition.region)
    case: scenarios.Case = step(first)
    open_to(case, committee().officer)
    return case


@pytest.mark.parametrize("step", [advised, decided])
def test_the_page_of_a_decision_takes_14_queries(
    client: Client, django_assert_num_queries: Any, rows: int, step: Any
) -> None:
    case = a_case(rows, step)
    log_in(client, committee().officer)
    with django_assert_num_queries(14):
        shown = client.get(reverse("admin:decision", args=[case.reference]))
    assert (len(shown.context["reviews"]), len(shown.context["overlapping"])) == (rows + 1, rows)


def test_deciding_takes_no_savepoint_but_its_own(rows: int) -> None:
    case = a_case(rows, advised)
    sent = statements_of(
        lambda: record_decision(
            application_id=case.pk,
            advice_id=case.advice.pk,
            outcome=Outcome.GRANTED,
            amount=case.requested_amount,
            reasons="Goed.",
            actor=committee().officer,
            at=after_deadline(case, days=28),
        )
    )
    assert savepoints_in(sent) == 1
    assert case.decision.amount == case.requested_amount
