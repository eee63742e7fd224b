"""When a draft can be submitted: the round it would join now, or why it cannot be submitted."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from applications.views.status_wording import day_and_time
from calls.domain.rounds import is_before_opening, is_in_gap, round_for
from calls.models import Call, ReviewRound


@dataclass(frozen=True)
class SubmissionWindow:
    """The round that a submission would join at a moment, whether it can be made, and a sentence about both."""

    at: datetime
    review_round: ReviewRound | None
    is_open: bool
    sentence: str

    @property
    def ends_at(self) -> datetime | None:
        """Return the deadline that counts down: none where nothing can be submitted."""
        return self.review_round.deadline_at if self.is_open and self.review_round else None


def submission_window_of(call: Call, *, at: datetime) -> SubmissionWindow:
    """Return whether a draft can be submitted now, and into which round (rule 3)."""
    review_round = round_for(at, call.rounds.all())
    if review_round is None:
        return SubmissionWindow(
            at,
            None,
            is_open=False,
            sentence=_(
                "The last deadline of this call has passed, so you can no longer submit. Your draft has "
                "been kept."
            ),
        )
    words = {
        "number": review_round.number,
        "opens": day_and_time(review_round.opens_at),
        "deadline": day_and_time(review_round.deadline_at),
    }
    if is_before_opening(at, call):
        sentence = _(
            "The call opens on %(call_opens)s. Until then you can write; you can submit after that."
        ) % {"call_opens": day_and_time(call.opens_at)}
        return SubmissionWindow(at, review_round, is_open=False, sentence=sentence)
    if is_in_gap(at, review_round):
        sentence = _(
            "We are between two rounds. Your application will be assessed in round %(number)d: submit "
            "before %(deadline)s."
        )
    else:
        sentence = _("Your application will be assessed in round %(number)d: submit before %(deadline)s.")
    return SubmissionWindow(at, review_round, is_open=True, sentence=sentence % words)
