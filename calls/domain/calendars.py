"""Deadlines as moments of a calendar."""

from django.utils.translation import gettext as _

from calls.models import Call, ReviewRound
from hubportal.kernel.calendars import CalendarMoment


def deadline_in_calendar(
    call: Call, review_round: ReviewRound, *, address: str, key: str = ""
) -> CalendarMoment:
    """Return the deadline of a round; ``key`` names what is written for it, where the round may become another one."""
    return CalendarMoment(
        key=key or f"{call.slug}-{review_round.number}",
        at=review_round.deadline_at,
        title=_("Deadline of round %(number)s: %(call)s")
        % {"number": review_round.number, "call": call.title},
        text=_(
            "Submit before this moment. What we receive at this moment or later is too late for this round."
        ),
        address=address,
    )
