"""Statuses move along the transition table alone, and every move is recorded (rule 21)."""

import ast

import pytest
from django.conf import settings

from applications.domain.lifecycle import TRANSITIONS, WrongStatus, diagram, may_move, move, move_all
from applications.enums import OPEN_STATUSES, MoveReason, Status
from applications.models import Application
from hubportal.audit.models import AuditEvent
from tests.factories.moments import AT
from tests.factories.scenarios import produced, started, submitted
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

ALLOWED = {(start, end) for start, ends in TRANSITIONS.items() for end in ends}


def in_status(status: Status) -> Application:
    """Return an application that only claims to be in a status."""
    return Application(status=status)


def test_the_table_knows_every_status_and_ends_where_nothing_is_open() -> None:
    assert set(TRANSITIONS) == set(Status)
    assert {each for each, ends in TRANSITIONS.items() if not ends} == {Status.GRANTED, Status.REJECTED}
    # Each to where it was: a draft that was discarded, and what was submitted.
    assert set(TRANSITIONS[Status.WITHDRAWN]) == {Status.DRAFT, Status.SUBMITTED}
    never, received = in_status(Status.WITHDRAWN), Application(status=Status.WITHDRAWN, submitted_at=AT)
    assert [may_move(never, to=each) for each in (Status.DRAFT, Status.SUBMITTED)] == [True, False]
    assert [may_move(received, to=each) for each in (Status.DRAFT, Status.SUBMITTED)] == [False, True]
    assert set(Status) - OPEN_STATUSES == {Status.GRANTED, Status.REJECTED, Status.WITHDRAWN}


@pytest.mark.parametrize(
    ("start", "end"), [(start, end) for start in Status for end in Status if (start, end) not in ALLOWED]
)
def test_no_status_moves_beside_the_table(start: Status, end: Status) -> None:
    with pytest.raises(WrongStatus):
        move(in_status(start), to=end, actor=None, at=AT)
    with pytest.raises(WrongStatus):
        move_all(Application.objects.none(), come_from=start, to=end, at=AT, why=MoveReason.DEADLINE)


def test_every_move_is_recorded_with_who_when_and_why() -> None:
    case = produced()
    events = AuditEvent.objects.filter(subject_type="applications.application", subject_id=case.pk)
    moves = [each for each in events.order_by("pk") if "to" in each.facts]
    assert [(each.facts["from"], each.facts["to"], each.facts["why"]) for each in moves] == [
        ("draft", "submitted", ""),
        ("submitted", "sealed", "deadline"),
        ("sealed", "advised", ""),
        ("advised", "granted", "letter produced"),
    ]
    assert [each.actor_id is not None for each in moves] == [True, False, True, False]
    assert all(each.happened_at for each in moves)


def test_many_move_at_once_only_from_the_status_they_come_from() -> None:
    one, other = started(coalition_name="Een"), started(coalition_name="Twee")
    Application.objects.filter(pk=other.pk).update(status=Status.WITHDRAWN)
    both = Application.objects.filter(pk__in=[one.pk, other.pk])
    assert move_all(both, come_from=Status.DRAFT, to=Status.WITHDRAWN, at=AT, why=MoveReason.DEADLINE) == 1
    told = AuditEvent.objects.filter(act="applications.withdrawn")
    assert [(each.subject_id, each.facts) for each in told] == [
        (one.pk, {"from": "draft", "to": "withdrawn", "why": "deadline"})
    ]


def test_the_diagram_draws_every_move() -> None:
    drawn = diagram()
    assert all(f"{start.value} --> {end.value}: " in drawn for start, end in ALLOWED)
    assert drawn.startswith("stateDiagram-v2\n    [*] --> draft")


def test_only_the_lifecycle_writes_a_status_of_an_application() -> None:
    apps = ["coalitions", "letters", "applications", "reviews", "decisions", "website"]
    writers = set()
    for app in apps:
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                targets = node.targets if isinstance(node, ast.Assign) else []
                for target in targets:
                    parts = target.elts if isinstance(target, ast.Tuple) else [target]
                    for part in parts:
                        if (
                            isinstance(part, ast.Attribute)
                            and part.attr == "status"
                            and isinstance(part.value, ast.Name)
                            and part.value.id in {"application", "self"}
                        ):
                            writers.add(str(path.relative_to(settings.BASE_DIR)))
    assert writers == {"applications/domain/lifecycle.py"}


def test_the_database_knows_no_other_status() -> None:
    case = submitted()
    with refused_by("application_of_a_known_status"):
        Application.objects.filter(pk=case.pk).update(status="lost")
