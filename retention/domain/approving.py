"""Approving a destruction by two people, and taking it back before it is carried out."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.accounts.queries import is_one_person
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.periods import days_later
from hubportal.kernel.versions import check_did_it_oneself
from retention.enums import ReportState
from retention.events import APPROVED, TAKEN_BACK
from retention.models import DestructionReport
from retention.permissions import may_approve_destruction

DAYS_TO_RECONSIDER = 7


class TooLate(RuleViolation):
    """The report is closed, or its destruction has begun."""


def state_of(report: DestructionReport, *, at: datetime) -> ReportState:
    """Return how far a report is."""
    if report.closed_at is not None:
        return ReportState.DECLARED if report.taken_back_by_id is None else ReportState.TAKEN_BACK
    if report.destroys_from is not None:
        return ReportState.DESTROYING if at >= report.destroys_from else ReportState.COUNTING_DOWN
    return ReportState.WAITING if report.first_approver_id is None else ReportState.APPROVED_ONCE


def can_approve(report: DestructionReport, user: User, *, at: datetime) -> bool:
    """Tell whether the approval of a person is still to come: the second is somebody else's, also by mailbox (rule 28)."""
    if state_of(report, at=at) == ReportState.WAITING:
        return True
    first = report.first_approver
    return (
        state_of(report, at=at) == ReportState.APPROVED_ONCE
        and first is not None
        and not is_one_person(first, user)
    )


def can_take_back(report: DestructionReport, *, at: datetime) -> bool:
    """Tell whether a report can be taken back: until the first row may be destroyed."""
    return state_of(report, at=at) in {
        ReportState.WAITING,
        ReportState.APPROVED_ONCE,
        ReportState.COUNTING_DOWN,
    }


@transaction.atomic(durable=True)
def approve_destruction(*, report_id: int, actor: User, at: datetime) -> DestructionReport:
    """Approve that what a report lists is destroyed; after the second person there are seven days to reconsider.

    Idempotent for who approved already. Raises ``NotAllowed`` for one who approves twice under two addresses of one
    mailbox, and ``TooLate``.
    """
    may_approve_destruction.check(actor)
    report = DestructionReport.objects.select_for_update().get(pk=report_id)
    if actor.pk in {report.first_approver_id, report.second_approver_id}:
        return report
    if state_of(report, at=at) not in {ReportState.WAITING, ReportState.APPROVED_ONCE}:
        raise TooLate(_("This report has already been approved, carried out or taken back."))
    if not can_approve(report, actor, at=at):
        raise NotAllowed(_("Somebody else has to approve this as well."))
    if report.first_approver_id is None:
        report.first_approver, report.first_approved_at = actor, at
    else:
        report.second_approver, report.second_approved_at = actor, at
        report.destroys_from = days_later(at, DAYS_TO_RECONSIDER)
    report.save()
    record(APPROVED, subject=report, actor=actor, at=at, facts={"kind": report.kind})
    return report


@transaction.atomic(durable=True)
def take_back_destruction(*, report_id: int, reason: str, actor: User, at: datetime) -> DestructionReport:
    """Take a report back, with a reason, before anything of it is destroyed; what is past its period is listed anew later.

    Idempotent. Raises ``NotAllowed``, ``TooLate``, ``SomebodyWasFirst``, and ``RuleViolation`` without a reason.
    """
    may_approve_destruction.check(actor)
    report = DestructionReport.objects.select_for_update().get(pk=report_id)
    if report.taken_back_by is not None:
        check_did_it_oneself(report.taken_back_by, actor)
        return report
    if not can_take_back(report, at=at):
        raise TooLate(_("The destruction has begun, so it can no longer be taken back."))
    if not reason.strip():
        raise RuleViolation(_("Give a reason."), field="reason")
    report.taken_back_by, report.taken_back_reason, report.closed_at = actor, reason.strip(), at
    report.save()
    record(TAKEN_BACK, subject=report, actor=actor, at=at, facts={"kind": report.kind})
    return report
