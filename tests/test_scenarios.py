"""The scenarios of the other tests bring an application where they say."""

import pytest

from applications.enums import Status
from calls.enums import Outcome
from tests.factories import scenarios
from tests.factories.calls import another_call_spec, make_call
from tests.factories.moments import moment

pytestmark = pytest.mark.django_db

STAGES = [
    ("started", Status.DRAFT),
    ("ready", Status.DRAFT),
    ("submitted", Status.SUBMITTED),
    ("sealed", Status.SEALED),
    ("assigned", Status.SEALED),
    ("reviewed", Status.SEALED),
    ("advised", Status.ADVISED),
    ("decided", Status.ADVISED),
    ("released", Status.ADVISED),
    ("produced", Status.GRANTED),
]


@pytest.mark.parametrize(("stage", "status"), STAGES)
def test_a_scenario_ends_in_its_status(stage: str, status: Status) -> None:
    assert getattr(scenarios, stage)().status == status


def test_a_scenario_takes_an_application_further() -> None:
    first, second = scenarios.several_submitted(2)
    assert scenarios.produced(first).status == Status.GRANTED
    second.refresh_from_db()
    assert scenarios.produced(second, outcome=Outcome.REJECTED).status == Status.REJECTED


def test_a_scenario_runs_another_call() -> None:
    call = make_call(spec=another_call_spec())
    application = scenarios.produced(call=call, at=moment("2025-02-10T10:00"), amount=119_999)
    assert (application.status, application.decision.amount) == (Status.GRANTED, 119_999)
