"""Retention periods, reports, and people who approve them."""

from datetime import datetime, timedelta
from typing import Any

from applications.enums import UNDO_DAYS
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from retention.domain.approving import approve_destruction
from retention.domain.loading import COUNTED_FROM
from retention.domain.reporting import make_report
from retention.enums import DataKind, Unit
from retention.models import DestructionReport, RetentionPeriod
from tests.factories.accounts import person
from tests.factories.mail import queued_mail
from tests.factories.moments import AT

# Long after everything that tests make at AT.
LATER = AT + timedelta(days=2000)


def period_of(kind: DataKind = DataKind.MAIL_TEXTS, **values: Any) -> RetentionPeriod:
    """Make the period of a kind: as short as can be for discarded drafts, else ten days, unless the values say otherwise."""
    defaults: dict[str, Any] = {
        "position": RetentionPeriod.objects.count() + 1,
        "length": UNDO_DAYS if kind == DataKind.DISCARDED_DRAFTS else 10,
        "unit": Unit.DAYS,
        "counts_from": COUNTED_FROM.get(kind, "decided"),
        "basis": "Een bedachte grondslag",
    }
    return RetentionPeriod.objects.create(kind=kind, **{**defaults, **values})


def sent_mail(**values: Any) -> Any:
    """Write a mail that went out at once."""
    at = values.get("at", AT)
    mail = queued_mail(**values)
    mail.status, mail.claimed_at, mail.sent_at, mail.attempts = "sent", at, at, 1
    mail.save()
    return mail


def report_on(kind: DataKind = DataKind.MAIL_TEXTS, *, at: datetime = LATER) -> DestructionReport:
    """List what is past its period."""
    period = RetentionPeriod.objects.filter(kind=kind).first() or period_of(kind)
    report = make_report(period_id=period.pk, at=at)
    assert report is not None
    return report


def approved(report: DestructionReport, *, at: datetime = LATER) -> DestructionReport:
    """Let two people approve a report."""
    for approver in approvers():
        report = approve_destruction(report_id=report.pk, actor=approver, at=at)
    return report


def approvers() -> tuple[User, User]:
    """Make an officer and an administrator."""
    return person(Role.OFFICER), person(Role.ADMINISTRATOR)
