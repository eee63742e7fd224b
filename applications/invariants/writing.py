"""Invariants of what applications ask and when, of what stood there before and of what was said about it (rules 6, 7, 22, 32 and 37)."""

from collections.abc import Iterator
from itertools import chain

from django.db.models import Exists, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from applications.enums import RECEIVED_STATUSES, Status
from applications.models import (
    Application,
    ApplicationPeople,
    ApplicationSection,
    Attachment,
    BudgetLine,
    Comment,
    ConsentQuestion,
    DraftCopy,
    EarlierVersion,
    Steerer,
    Task,
    Writer,
)
from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from hubportal.kernel.invariants import Violation, each_breaks
from hubportal.kernel.money import ZERO


def violations() -> Iterator[Violation]:
    """Yield each row that breaks a rule of amounts, dates or the form."""
    return chain(
        _amounts(), _dates(), _form(), _writers(), _steerers(), _earlier(), _comments(), _tasks(), _copies()
    )


def _amounts() -> Iterator[Violation]:
    lines = BudgetLine.objects.filter(application=OuterRef("pk")).order_by().values("application")
    costs = lines.filter(heading__is_contribution=False).annotate(total=Sum("amount")).values("total")
    contributions = lines.filter(heading__is_contribution=True).annotate(total=Sum("amount")).values("total")
    wrong = Application.objects.annotate(
        total=Coalesce(Subquery(costs), ZERO) - Coalesce(Subquery(contributions), ZERO)
    ).exclude(total=F("requested_amount"))
    yield from each_breaks(6, wrong, "its amount is not the sum of its budget")
    received = Application.objects.filter(status__in=RECEIVED_STATUSES)
    yield from each_breaks(
        6,
        received.exclude(amount_ceiling=F("call__grant_maximum")),
        "was measured by another maximum than its call's",
    )


def _dates() -> Iterator[Violation]:
    received = Application.objects.filter(status__in=RECEIVED_STATUSES)
    short = received.filter(duration_months__lt=F("call__min_months"))
    yield from each_breaks(7, short, "takes less time than its call allows")
    yield from each_breaks(
        7,
        received.exclude(max_months=F("call__max_months")),
        "was measured by another longest duration than its call's",
    )
    early = received.filter(starts_on__lt=F("review_round__award_expected_on"))
    yield from each_breaks(7, early, "starts before the expected award of its round")


def _form() -> Iterator[Violation]:
    lines = BudgetLine.objects.all()
    strange = lines.exclude(heading__call=F("application__call"))
    yield from each_breaks(6, strange, "stands under a heading of another call")
    outside = lines.exclude(participation__coalition=F("application__coalition"))
    yield from each_breaks(6, outside, "is the share of an organisation outside the coalition")
    answers = ApplicationSection.objects.exclude(spec__call=F("application__call"))
    yield from each_breaks(1, answers, "answers a section of another call")


def _writers() -> Iterator[Violation]:
    """Yield what somebody saved who is not kept as one who wrote (rules 14 and 29)."""
    for rows, person, application in (
        (Application.objects.all(), "created_by", "pk"),
        (Application.objects.all(), "particulars_saved_by", "pk"),
        (Application.objects.all(), "budget_saved_by", "pk"),
        (ApplicationPeople.objects.all(), "saved_by", "application"),
        (ApplicationSection.objects.all(), "saved_by", "application"),
        (Attachment.objects.all(), "added_by", "application"),
    ):
        kept = Writer.objects.filter(application=OuterRef(application), user=OuterRef(person))
        yield from each_breaks(
            29, rows.filter(~Exists(kept)), "was written by somebody who is not tied by it"
        )


def _steerers() -> Iterator[Violation]:
    """Yield what somebody did with an application who is not kept as one who steered it (rules 14 and 29)."""
    people = User.objects.filter(pk=OuterRef("actor_id"))
    done = AuditEvent.objects.filter(
        Exists(people), is_steering=True, subject_type=Application._meta.label_lower
    )
    kept = Steerer.objects.filter(application=OuterRef("subject_id"), user=OuterRef("actor_id"))
    there = Application.objects.filter(pk=OuterRef("subject_id"))
    yield from each_breaks(
        29, done.filter(Exists(there), ~Exists(kept)), "was done by somebody who is not tied by it"
    )


def _earlier() -> Iterator[Violation]:
    submitted = EarlierVersion.objects.exclude(application__submitted_at=None)
    yield from each_breaks(32, submitted, "is an earlier version of what was submitted")
    texts = EarlierVersion.objects.filter(spec__isnull=False).exclude(spec__call=F("application__call"))
    yield from each_breaks(32, texts, "is an earlier text for a section of another call")


def _tasks() -> Iterator[Violation]:
    submitted = Task.objects.exclude(application__submitted_at=None)
    yield from each_breaks(37, submitted, "is a task in what was submitted")


def _comments() -> Iterator[Violation]:
    submitted = Comment.objects.exclude(application__submitted_at=None)
    yield from each_breaks(22, submitted, "is a comment on what was submitted")
    texts = Comment.objects.filter(spec__isnull=False).exclude(spec__call=F("application__call"))
    yield from each_breaks(22, texts, "is a comment on a section of another call")
    answers = Comment.objects.filter(thread__isnull=False)
    asked = ConsentQuestion.objects.exclude(application__submitted_at=None)
    yield from each_breaks(22, asked, "is a question of a partner about what was submitted")
    astray = answers.exclude(thread__application=F("application"), thread__thread=None)
    yield from each_breaks(22, astray, "answers a comment of another draft, or an answer")


def _copies() -> Iterator[Violation]:
    ended = DraftCopy.objects.exclude(application__status=Status.DRAFT)
    yield from each_breaks(13, ended, "is a copy of a draft that is none any more")
