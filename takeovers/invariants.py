"""Invariants of requests for a dossier (rule 41)."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q

from hubportal.audit.domain.constraints import broken_constraints
from hubportal.kernel.invariants import Violation, each_breaks
from organisations.models import Representative
from takeovers.enums import TakeoverState
from takeovers.models import Takeover

_CONSTRAINTS = {
    "takeover_of_a_known_state": 41,
    "takeover_one_untold_per_person_and_organisation": 41,
    "takeover_settled_at_a_moment": 41,
    "takeover_waits_three_days_or_more": 41,
    "takeover_decided_after_its_wait_with_a_reason": 41,
    "takeover_decided_by_somebody_else": 41,
    "takeover_undone_by_somebody_else_with_a_reason": 41,
    "takeover_proof_says_something": 41,
    "takeover_proof_file_has_its_digest": 24,
}


def violations() -> Iterator[Violation]:
    """Yield each request that was granted to who never spoke for the lead, or is about another organisation's draft."""
    proved = Representative.objects.filter(
        user=OuterRef("asked_by"),
        organisation=OuterRef("organisation"),
        proved_at__lte=OuterRef("settled_at"),
    )
    granted = Takeover.objects.filter(state=TakeoverState.GRANTED)
    yield from each_breaks(
        41, granted.filter(~Exists(proved)), "was granted to who does not speak for the lead"
    )
    led = Q(application__coalition__lead_organisation=F("organisation"))
    # What was asked before another organisation took the lead lapses, and goes on naming it (rule 44).
    earlier = Q(application__coalition__lead_taken_at__gte=F("asked_at"))
    others = Takeover.objects.filter(application__isnull=False).exclude(led | earlier)
    yield from each_breaks(41, others, "is about a draft of another organisation")
    yield from broken_constraints("takeovers", _CONSTRAINTS)
