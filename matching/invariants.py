"""Invariants between map and coalitions (rules 22 and 26)."""

from collections.abc import Iterator

from django.db.models import F

from hubportal.audit.domain.constraints import broken_constraints
from hubportal.kernel.invariants import Violation, each_breaks
from hubportal.kernel.mailboxes import mailbox
from matching.interest_queries import mailboxes_by_person, own_acts_in
from matching.models import PartnerProposal

_CONSTRAINTS = {
    "help_request_one_open_per_coalition": 26,
    "help_request_ended_by_somebody": 26,
    "found_wish_once_per_question": 26,
    "found_wish_with_contact_shows_its_name": 26,
}


def violations() -> Iterator[Violation]:
    """Yield each proposal that came when the coalition did not ask for help, or from who took part in one of that region."""
    early = PartnerProposal.objects.filter(proposed_at__lt=F("help_request__asked_at"))
    late = PartnerProposal.objects.filter(proposed_at__gt=F("help_request__ended_at"))
    yield from each_breaks(26, early | late, "was proposed while the coalition did not ask for help")
    yield from _from_who_took_part()
    yield from broken_constraints("matching", _CONSTRAINTS)


def _from_who_took_part() -> Iterator[Violation]:
    """Yield the proposals of who began, wrote along with, agreed to or signed something in the region before: a row may come to count later."""
    proposed = PartnerProposal.objects.order_by("pk").values_list(
        "pk", "help_request__coalition__region", "proposed_by", "proposed_at"
    )
    boxes = mailboxes_by_person(each[2] for each in proposed)
    acts = own_acts_in(PartnerProposal.objects.order_by().values("help_request__coalition__region"))
    took_part = [(region, mailbox(address), at) for region, address, at in acts]
    for key, region, person, proposed_at in proposed:
        own = boxes[person]
        if any(where == region and who in own and at < proposed_at for where, who, at in took_part):
            yield Violation(
                26,
                "matching.PartnerProposal",
                key,
                "was proposed by who took part in a coalition of the region",
            )
