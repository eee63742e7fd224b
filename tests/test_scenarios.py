"""The scenarios of the other tests bring an application where they say."""

import pytest
from django.db import transaction

from applications.enums import Status
from calls.enums import Outcome
from hubportal.audit.domain.collecting import every_violation
from hubportal.documents.domain.storage import read_document
from tests.database import around_acts
from tests.factories import scenarios
from tests.factories.calls import another_call_spec, make_call
from tests.factories.moments import moment
from tests.factories.remembering import memory, put_back, rows_written

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


def in_order(rows: dict[str, bytes]) -> dict[str, list[bytes]]:
    return {table: sorted(copied.splitlines()) for table, copied in rows.items()}


def test_what_is_put_back_is_what_was_built() -> None:
    memory.built.clear()
    with around_acts():
        built = scenarios.produced(amount=47_123)
        rows = rows_written()
        transaction.set_rollback(True)
    (kept,) = (each for (name, *_values), each in memory.built.items() if name == "produced")
    for path in kept.files:
        path.unlink()
    case = put_back(kept)
    # Where in a table a row lies is no matter: what was removed left room for it.
    assert in_order(rows_written()) == in_order(rows)
    assert (case, case.decision.amount) == (built, built.decision.amount)
    assert read_document(case.decision.letter.document) == read_document(built.decision.letter.document)
    assert list(map(str, every_violation())) == []


def test_only_what_would_be_the_same_is_put_back() -> None:
    memory.built.clear()
    with around_acts():
        first = scenarios.started()
        transaction.set_rollback(True)
    assert list(memory.built) == [("started", "()", "[]")]
    assert scenarios.started() != first, "something was written before"
