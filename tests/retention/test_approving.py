"""Two people approve a destruction, and have seven days to reconsider (rule 23)."""

from datetime import timedelta

import pytest

from hubportal.accounts.enums import Role
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import SomebodyWasFirst
from retention.domain.approving import TooLate, approve_destruction, state_of, take_back_destruction
from retention.enums import ReportState
from retention.models import DestructionReport
from tests.factories.accounts import person
from tests.factories.retention import LATER, approved, approvers, report_on, sent_mail
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def report() -> DestructionReport:
    sent_mail()
    return report_on()


def test_nothing_is_due_before_two_people_approved_and_seven_days_passed(report: DestructionReport) -> None:
    first, second = approvers()
    assert state_of(report, at=LATER) == ReportState.WAITING
    once = approve_destruction(report_id=report.pk, actor=first, at=LATER)
    again = approve_destruction(report_id=report.pk, actor=first, at=LATER + timedelta(days=1))
    assert (once.destroys_from, again.second_approver, state_of(again, at=LATER)) == (
        None,
        None,
        ReportState.APPROVED_ONCE,
    )
    twice = approve_destruction(report_id=report.pk, actor=second, at=LATER)
    assert twice.destroys_from == LATER + timedelta(days=7)
    assert state_of(twice, at=LATER + timedelta(days=7, seconds=-1)) == ReportState.COUNTING_DOWN
    assert state_of(twice, at=LATER + timedelta(days=7)) == ReportState.DESTROYING
    told = AuditEvent.objects.filter(act="retention.approved").order_by("pk")
    assert [each.actor_id for each in told] == [first.pk, second.pk]


def test_one_person_with_two_accounts_on_one_mailbox_is_one(report: DestructionReport) -> None:
    """Rule 28."""
    approve_destruction(report_id=report.pk, actor=person(Role.OFFICER, email="a.b@hub.example"), at=LATER)
    with pytest.raises(NotAllowed):
        approve_destruction(
            report_id=report.pk, actor=person(Role.OFFICER, email="A.B+2@hub.example"), at=LATER
        )


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICER, Role.ADMINISTRATOR}))
def test_nobody_else_approves_or_takes_back(report: DestructionReport, role: Role) -> None:
    actor = person(role)
    with pytest.raises(NotAllowed):
        approve_destruction(report_id=report.pk, actor=actor, at=LATER)
    with pytest.raises(NotAllowed):
        take_back_destruction(report_id=report.pk, reason="Nee.", actor=actor, at=LATER)


def test_a_report_is_taken_back_with_a_reason_until_its_destruction_begins(report: DestructionReport) -> None:
    actor, other = approvers()
    approved(report)
    with pytest.raises(RuleViolation, match="reden") as refusal:
        take_back_destruction(report_id=report.pk, reason=" ", actor=actor, at=LATER)
    assert refusal.value.field == "reason"
    begun = LATER + timedelta(days=7)
    with pytest.raises(TooLate):
        take_back_destruction(report_id=report.pk, reason="Bezwaar.", actor=actor, at=begun)
    at = begun - timedelta(seconds=1)
    taken = take_back_destruction(report_id=report.pk, reason=" Bezwaar. ", actor=actor, at=at)
    assert (taken.taken_back_reason, taken.taken_back_by, taken.closed_at, state_of(taken, at=begun)) == (
        "Bezwaar.",
        actor,
        at,
        ReportState.TAKEN_BACK,
    )
    assert take_back_destruction(report_id=report.pk, reason="Nog eens.", actor=actor, at=begun) == taken
    with pytest.raises(SomebodyWasFirst):
        take_back_destruction(report_id=report.pk, reason="Ook.", actor=other, at=begun)
    with pytest.raises(TooLate):
        approve_destruction(report_id=report.pk, actor=person(Role.OFFICER), at=begun)


def test_the_database_refuses_what_the_acts_never_write(report: DestructionReport) -> None:
    actor, other = approvers()
    rows = DestructionReport.objects.filter(pk=report.pk)
    once = {"first_approver": actor, "first_approved_at": LATER}
    twice = {"second_approved_at": LATER, "destroys_from": LATER + timedelta(days=7)}
    with refused_by("destruction_report_approved_by_two"):
        rows.update(**once, **twice, second_approver=actor)
    with refused_by("destruction_report_approved_in_order"):
        rows.update(**twice, second_approver=other)
    with refused_by("destruction_report_waits_after_approval"):
        rows.update(**once, second_approver=other, second_approved_at=LATER, destroys_from=LATER)
    with refused_by("destruction_report_taken_back_with_a_reason"):
        rows.update(taken_back_by=actor)
    with refused_by("destruction_report_declared_after_its_wait"):
        rows.update(
            **once, **twice, second_approver=other, destroyed=1, kept=0, closed_at=LATER + timedelta(days=6)
        )
    with refused_by("destruction_report_open_once_per_kind"):
        report.pk = None
        report.save()
