"""Reads of calls."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Max, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from calls.enums import FormKind
from calls.models import (
    BudgetHeading,
    Call,
    Criterion,
    CriterionStep,
    GlossaryWord,
    MandatedPerson,
    ReviewRound,
    SectionSpec,
)


def public_calls() -> QuerySet[Call]:
    """Return the calls that are shown: those for practice only where everything is practice."""
    return Call.objects.all() if settings.DEMO else Call.objects.filter(is_rehearsal=False)


def calls_open(*, at: datetime) -> QuerySet[Call]:
    """Return the calls that take submissions at this moment, the one that closes first in front."""
    return (
        Call.objects.filter(opens_at__lte=at)
        .annotate(closes_at=Max("rounds__deadline_at"))
        .filter(closes_at__gt=at)
        .order_by("closes_at", "pk")
    )


def calls_with_parts() -> QuerySet[Call]:
    """Return the calls with all that belongs to them: sections, headings, criteria with steps, grounds, mandates and help."""
    return Call.objects.prefetch_related(
        "sections__criteria",
        "headings",
        "criteria__steps",
        "rejection_grounds",
        "mandated",
        "words",
        "conditions",
    )


def with_help(sections: QuerySet[SectionSpec], *, at: str) -> QuerySet[SectionSpec]:
    """Return the sections, that with the key ``at`` with ``weighed``: its criteria with their scales, and ``glossary``: all words of its call.

    Both as data, within the query that reads the sections.
    """
    weighed = Criterion.objects.filter(sections=OuterRef("pk"), sections__key=at).order_by("position", "pk")
    # By way of the section, so that the words come with that one alone.
    words = GlossaryWord.objects.filter(call__sections=OuterRef("pk"), call__sections__key=at)
    return sections.annotate(weighed=_told(weighed), glossary=_explained(words))


def budget_of_call(
    call: Call,
) -> tuple[list[BudgetHeading], list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the headings of a budget, the criteria for which reviewers look at it, and all words of the call.

    Criteria and words as ``with_help``; all in one query.
    """
    headings = BudgetHeading.objects.filter(call=OuterRef("pk")).order_by("position", "pk")
    columns = {name: name for name in ("id", "call_id", "key", "position", "title", "is_contribution")}
    weighed = Criterion.objects.filter(call=OuterRef("pk"), looks_at_budget=True).order_by("position", "pk")
    words = GlossaryWord.objects.filter(call=OuterRef("pk"))
    listed = ArraySubquery(headings.values(each=JSONObject(**columns)))
    found = Call.objects.filter(pk=call.pk).values_list(listed, _told(weighed), _explained(words)).get()
    rows, criteria, glossary = found
    return [BudgetHeading(**each) for each in rows], criteria, glossary


def _told(criteria: QuerySet[Criterion]) -> ArraySubquery:
    steps = CriterionStep.objects.filter(criterion=OuterRef("pk")).order_by("score", "pk")
    scale = ArraySubquery(steps.values(each=JSONObject(score="score", sentence="sentence")))
    told = JSONObject(title="title", question="question", weight="weight", steps=scale)
    return ArraySubquery(criteria.values(each=told))


def _explained(words: QuerySet[GlossaryWord]) -> ArraySubquery:
    explained = JSONObject(word="word", forms="forms", meaning="meaning")
    return ArraySubquery(words.order_by("position", "pk").values(each=explained))


def mandated_for(call: Call, *, on: date, amount: Decimal) -> QuerySet[MandatedPerson]:
    """Return who may decide on an amount for the organ of a call on a day (Awb 10:3), the latest mandate in front."""
    until = Q(valid_until=None) | Q(valid_until__gte=on)
    covers = Q(up_to=None) | Q(up_to__gte=amount)
    return call.mandated.filter(until, covers, valid_from__lte=on).order_by("-valid_from", "pk")


def last_deadline(call: Call, *, after: datetime) -> datetime | None:
    """Return the last deadline by which one can still apply in a call; ``None`` when no round is open or to come."""
    last: datetime | None = call.rounds.filter(deadline_at__gt=after).aggregate(last=Max("deadline_at"))[
        "last"
    ]
    return last


def rounds_with_call() -> QuerySet[ReviewRound]:
    """Return the rounds of every call, each with its call."""
    return ReviewRound.objects.select_related("call")


def due_for_sealing(*, at: datetime) -> QuerySet[ReviewRound]:
    """Return the rounds to seal now.

    A round waits out the longest request after its deadline, so that what was received in time is in.
    """
    grace = timedelta(seconds=settings.SEALING_GRACE_SECONDS)
    return ReviewRound.objects.filter(sealed_at__isnull=True, deadline_at__lte=at - grace).order_by(
        "deadline_at", "pk"
    )


def rounds_ahead(*, at: datetime) -> QuerySet[ReviewRound]:
    """Return the rounds whose deadline is still to come, the next in front."""
    return (
        ReviewRound.objects.filter(sealed_at=None, deadline_at__gt=at)
        .select_related("call")
        .order_by("deadline_at", "pk")
    )


def has_word_form(call: Call) -> bool:
    """Tell whether the empty form of a call can be downloaded as DOCX."""
    return call.empty_forms.filter(kind=FormKind.DOCX, made_at__isnull=False).exists()
