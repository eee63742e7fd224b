"""What the lines of a budget come to, in figures and in words; a script tells the same of what is typed."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from applications.domain.budget import requested_amount
from applications.domain.snapshot import Snapshot
from calls.models import BudgetHeading
from hubportal.kernel.languages import dutch
from hubportal.kernel.money import ZERO, euros

_WHOLE = 100


def sums_of(snapshot: Snapshot, headings: list[BudgetHeading]) -> dict[str, Any]:
    """Return the totals of the saved lines: per heading, per organisation, overall, and against the maximum."""
    lines, most = snapshot.lines, snapshot.application.amount_ceiling
    total = requested_amount(lines)
    return {
        "headings": [
            (each, sum((line.amount for line in lines if line.heading_id == each.pk), ZERO))
            for each in headings
        ],
        "shares": [
            (each, dutch(each.stated_name), requested_amount(snapshot.share_of(each)))
            for each in snapshot.members
        ],
        "total": total,
        "remains": max(most - total, Decimal(0)),
        "too_much": max(total - most, Decimal(0)),
        "used": min(max(int(total * _WHOLE / most), 0), _WHOLE),
        "room": room_in_words(total, most),
        "room_words": {state: _sentence(state, "{total}", "{most}", "{rest}") for state in _STATES},
    }


_STATES = ("nothing", "within", "above", "below")


def room_in_words(total: Decimal, most: Decimal) -> str:
    """Return what is asked of the most that can be granted, and what that leaves."""
    if total < 0:
        return _sentence("below", euros(total), euros(most), euros(-total))
    if total > most:
        return _sentence("above", euros(total), euros(most), euros(total - most))
    return _sentence("within" if total else "nothing", euros(total), euros(most), euros(most - total))


def _sentence(state: str, total: str, most: str, rest: str) -> str:
    told = {"total": total, "most": most, "rest": rest}
    if state == "below":
        return (
            _(
                "The contributions from third parties are %(rest)s higher than the costs. You can save that in your draft, "
                "but not submit it."
            )
            % told
        )
    if state == "above":
        return (
            _(
                "You request %(total)s. That is %(rest)s more than the %(most)s that can be granted at most. You can save "
                "that in your draft, but not submit it."
            )
            % told
        )
    if state == "within":
        return _("You request %(total)s of at most %(most)s; there is still room for %(rest)s.") % told
    return _("You do not request anything yet. You can request at most %(most)s.") % told
