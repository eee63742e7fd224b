"""Invariants between map and coalitions (rules 22 and 26)."""

from collections.abc import Iterator

from django.db.models import F

from hubportal.audit.domain.constraints import broken_constraints
from hubportal.kernel.invariants import Violation, each_breaks
from matching.models import PartnerProposal

_CONSTRAINTS = {
    "help_request_one_open_per_coalition": 26,
    "help_request_ended_by_somebody": 26,
    "found_wish_once_per_question": 26,
    "found_wish_with_contact_shows_its_name": 26,
}


def violations() -> Iterator[Violation]:
    """Yield each proposal that came when the coalition did not ask for help."""
    early = PartnerProposal.objects.filter(proposed_at__lt=F("help_request__asked_at"))
    late = PartnerProposal.objects.filter(proposed_at__gt=F("help_request__ended_at"))
    yield from each_breaks(26, early | late, "was proposed while the coalition did not ask for help")
    yield from broken_constraints("matching", _CONSTRAINTS)
