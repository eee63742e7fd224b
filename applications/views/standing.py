"""How the call stands for a draft at this moment: which round it would join, or why it cannot be submitted."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from calls.domain.rounds import is_before_opening, is_in_gap, round_for
from calls.models import Call, ReviewRound
from hubportal.kernel.dates import day_in_words


@dataclass(frozen=True)
class Standing:
    """The round that a submission would join now, whether it can be made, and a sentence about both."""

    review_round: ReviewRound | None
    is_open: bool
    sentence: str


def in_words(moment: datetime) -> str:
    """Return a moment as people say it, on the clock of the Netherlands."""
    local = localtime(moment)
    return _("%(day)s at %(time)s") % {
        "day": day_in_words(local),
        "time": date_format(local, "H:i"),
    }


def standing_of(call: Call, *, at: datetime) -> Standing:
    """Return how the call stands (rule 3)."""
    review_round = round_for(at, call.rounds.all())
    if review_round is None:
        return Standing(
            None,
            is_open=False,
            sentence=_(
                "The last deadline of this call has passed, so it takes no submissions any more. Your draft is kept."
            ),
        )
    words = {
        "number": review_round.number,
        "opens": in_words(review_round.opens_at),
        "deadline": in_words(review_round.deadline_at),
    }
    if is_before_opening(at, call):
        sentence = _(
            "The call opens on %(call_opens)s. Until then you can write; submitting comes after that."
        ) % {"call_opens": in_words(call.opens_at)}
        return Standing(review_round, is_open=False, sentence=sentence)
    if is_in_gap(at, review_round):
        sentence = _(
            "We are between two rounds. Your application goes along in round %(number)d: "
            "submit before %(deadline)s."
        )
    else:
        sentence = _("Your application goes along in round %(number)d: submit before %(deadline)s.")
    return Standing(review_round, is_open=True, sentence=sentence % words)
