"""Invariants of calls and their rounds (rules 1, 3, 4 and 20)."""

from collections.abc import Iterator
from itertools import chain

from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from calls.models import Call, Criterion, RejectionGround, ReviewRound, SectionSpec
from hubportal.audit.domain.constraints import broken_constraints
from hubportal.kernel.invariants import Violation, each_breaks

_CONSTRAINTS = {
    "call_scores_in_order": 1,
    "criterion_once_per_call": 1,
    "criterion_weight_is_a_percentage": 1,
    "criterion_step_once_per_score": 1,
    "budget_heading_once_per_call": 1,
    "section_spec_once_per_call": 1,
    "section_spec_allows_some_text": 1,
    "rejection_ground_once_per_call": 1,
    "glossary_word_once_per_call": 1,
    "glossary_word_has_a_meaning": 1,
    "condition_once_per_call": 1,
    "condition_says_why_and_what_instead": 1,
    "empty_form_once_per_kind": 1,
    "empty_form_of_a_known_kind": 1,
    "empty_form_made_has_its_file": 1,
    "rejection_ground_has_a_sentence": 20,
    "mandate_lasts_a_day_or_more": 20,
    "call_gives_six_weeks_to_object": 20,
    "review_round_one_per_number": 3,
    "review_round_opens_before_its_deadline": 3,
    "review_round_sealed_only_after_its_deadline": 4,
    "call_takes_questions_once_it_opened": 40,
    "call_grant_maximum_within_ceiling": 6,
    "call_budget_fits_a_form": 6,
    "call_durations_in_order": 7,
    "call_reminds_before_signing_ends": 10,
    "call_reminds_of_a_deadline_twice": 36,
    "call_waits_before_a_draft_is_given": 41,
    "call_of_two_parties_or_more": 8,
    "call_of_two_reviewers_or_more": 15,
    "call_grants_within_ceiling": 18,
    "review_round_grants_within_ceiling": 18,
}


def violations() -> Iterator[Violation]:
    """Yield each row of this app that breaks a rule."""
    return chain(_rubric(), _rounds(), _grounds(), broken_constraints("calls", _CONSTRAINTS))


def _rubric() -> Iterator[Violation]:
    weighed = Call.objects.annotate(weights=Sum("criteria__weight", default=0))
    yield from each_breaks(
        1, weighed.exclude(weights=100), "the weights of its criteria do not add up to 100"
    )
    on_scale = Q(steps__score__gte=F("call__lowest_score"), steps__score__lte=F("call__highest_score"))
    stepped = Criterion.objects.annotate(explained=Count("steps", on_scale))
    lacking = stepped.filter(explained__lt=F("call__highest_score") - F("call__lowest_score") + 1)
    yield from each_breaks(1, lacking, "has no sentence for every step of the scale")
    elsewhere = SectionSpec.criteria.through.objects.exclude(criterion__call=F("sectionspec__call"))
    strange = SectionSpec.objects.filter(pk__in=elsewhere.values("sectionspec"))
    yield from each_breaks(1, strange, "is weighed by a criterion of another call")


def _rounds() -> Iterator[Violation]:
    early = ReviewRound.objects.filter(opens_at__lt=F("call__opens_at"))
    yield from each_breaks(3, early, "opens before its call")
    at_once = ReviewRound.objects.filter(
        call=OuterRef("call"), opens_at__lt=OuterRef("deadline_at"), deadline_at__gt=OuterRef("opens_at")
    ).exclude(pk=OuterRef("pk"))
    yield from each_breaks(
        3, ReviewRound.objects.filter(Exists(at_once)), "overlaps another round of its call"
    )


def _grounds() -> Iterator[Violation]:
    grounds = RejectionGround.objects.filter(call=OuterRef("pk"))
    yield from each_breaks(20, Call.objects.filter(~Exists(grounds)), "has no ground on which it can reject")
