"""Reads of what is still to be signed, and until when."""

from datetime import datetime, timedelta

from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from applications.enums import UNDECIDED_STATUSES, LinkPurpose, SigningRole
from applications.models import Application, OneTimeLink
from hubportal.kernel.clock import AMSTERDAM


def signing_ends(prefix: str = "") -> Coalesce:
    """Return when the term to sign ends, as ``signing.signature_due_at`` does, for a row that leads to it."""
    ends_at = _days_later(F(f"{prefix}submitted_at"), F(f"{prefix}call__signature_days"))
    return Coalesce(f"{prefix}signing_extended_until", ends_at)


def _days_later(moment: Combinable, number: Combinable) -> Func:
    """Return what ``periods.days_later`` does: days of the calendar in the Netherlands, of 23 to 25 hours."""
    zone = Value(AMSTERDAM.key)
    there = Func(zone, moment, function="timezone", output_field=DateTimeField())
    days = ExpressionWrapper(number * Value(timedelta(days=1)), output_field=DurationField())
    later = ExpressionWrapper(there + days, output_field=DateTimeField())
    return Func(zone, later, function="timezone", output_field=DateTimeField())


def unsigned(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Return the applications whose declaration still lacks a signature."""
    return applications.filter(fully_signed_at=None)


def to_remind_of_signing(*, at: datetime) -> QuerySet[Application]:
    """Return the applications whose term to sign ends soon and of which somebody was not reminded."""
    ending = Application.objects.filter(status__in=UNDECIDED_STATUSES).annotate(
        signing_ends=signing_ends(),
        reminder_due=_days_later(signing_ends(), F("call__signing_reminder_days") * Value(-1)),
    )
    soon = unsigned(ending.filter(signing_ends__gt=at, reminder_due__lte=at))
    asked = OneTimeLink.objects.filter(
        application=OuterRef("pk"),
        purpose=LinkPurpose.SIGN,
        withdrawn_at=None,
        used_at=None,
        asked_at__gte=OuterRef("reminder_due"),
    )
    in_time = asked.order_by().values("application").annotate(number=Count("pk")).values("number")
    counted = soon.annotate(signed=Count("signatures"), reminded=Coalesce(Subquery(in_time), 0))
    return counted.filter(reminded__lt=len(SigningRole) - F("signed")).order_by("pk")
