"""Each rule of retention that is broken by hand in the database is named, with its row (rule 23)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hubportal.mail.models import OutgoingMail
from retention import invariants
from retention.domain.destroying import declare_destruction, destroy_row
from retention.enums import DataKind
from retention.models import DestructionReport, ListedRow, RetentionPeriod
from tests.breaking import Breaks, check_constraint, copy_of, force, named, sentences_in, sound
from tests.factories.retention import LATER, approved, period_of, report_on, sent_mail

pytestmark = pytest.mark.django_db

breaks = Breaks()
DUE = LATER + timedelta(days=7)


@pytest.fixture
def report() -> DestructionReport:
    """Return a report that was carried out."""
    sent_mail()
    report = approved(report_on())
    (row,) = report.rows.all()
    destroy_row(listed_id=row.pk, at=DUE)
    declare_destruction(report_id=report.pk, at=DUE)
    report.refresh_from_db()
    return sound(report)


def row_of(report: DestructionReport) -> ListedRow:
    return report.rows.get()


@breaks(23, "was carried out before two people had approved it")
def destroyed_too_early(report):
    return force(row_of(report), done_at=DUE - timedelta(microseconds=1))


@breaks(23, "counts as destroyed and is still there")
def destroyed_and_still_there(report):
    OutgoingMail.objects.filter(pk=row_of(report).row_id).update(body="Nog altijd.")
    return row_of(report)


@breaks(23, "declares other numbers than its rows show")
def other_numbers(report):
    return force(report, destroyed=0, kept=1)


@pytest.mark.parametrize(("rule", "sentence", "act"), breaks)
def test_a_broken_rule_is_named(report: DestructionReport, rule: int, sentence: str, act: Any) -> None:
    row = act(report)
    assert list(invariants.violations()) == named(rule, sentence, row)


def test_every_sentence_was_tried() -> None:
    assert sentences_in(invariants) == breaks.sentences


def _opened_twice(report: DestructionReport) -> list[DestructionReport]:
    opened = {"closed_at": None, "destroyed": None, "kept": None}
    return [copy_of(report, **opened), copy_of(report, **opened)]


def _listed_twice(report: DestructionReport) -> list[ListedRow]:
    return [row_of(report), copy_of(row_of(report))]


def _forced(**values: Any) -> Callable[[DestructionReport], Any]:
    return lambda report: force(report, **values)


CONSTRAINTS: dict[str, tuple[Any, Callable[[DestructionReport], Any]]] = {
    "retention_period_of_a_known_kind": (
        RetentionPeriod,
        lambda _report: force(RetentionPeriod.objects.get(), kind="onbekend"),
    ),
    "retention_period_of_a_day_or_more": (
        RetentionPeriod,
        lambda _report: force(RetentionPeriod.objects.get(), length=0),
    ),
    "retention_period_leaves_time_to_put_a_draft_back": (
        RetentionPeriod,
        lambda _report: force(period_of(DataKind.DISCARDED_DRAFTS), length=29),
    ),
    "destruction_report_open_once_per_kind": (DestructionReport, _opened_twice),
    "destruction_report_approved_by_two": (
        DestructionReport,
        lambda report: force(report, second_approver=report.first_approver_id),
    ),
    "destruction_report_approved_in_order": (DestructionReport, _forced(first_approved_at=None)),
    "destruction_report_waits_after_approval": (DestructionReport, _forced(second_approved_at=None)),
    "destruction_report_taken_back_with_a_reason": (DestructionReport, _forced(taken_back_reason="Zomaar.")),
    "destruction_report_declared_after_its_wait": (DestructionReport, _forced(kept=None)),
    "listed_row_once_per_report": (ListedRow, _listed_twice),
    "listed_row_done_has_its_moment": (ListedRow, lambda report: force(row_of(report), done_at=None)),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_a_row_that_a_dropped_constraint_let_in_is_named(report: DestructionReport, name: str) -> None:
    model, act = CONSTRAINTS[name]
    check_constraint(invariants, name, model, lambda: act(report))


def test_every_constraint_was_tried() -> None:
    assert set(CONSTRAINTS) == set(invariants._CONSTRAINTS)
