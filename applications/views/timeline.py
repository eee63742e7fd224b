"""The steps of an application that was received, as its people read them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from applications.domain.signing import SigningState, is_open_to_sign, signature_due_at
from applications.enums import Status
from applications.models import Application
from applications.views.status_wording import day_and_time
from calls.models import ReviewRound
from hubportal.kernel.dates import day_in_words

_DECIDED = frozenset({Status.GRANTED, Status.REJECTED})


def timeline(
    application: Application, signing: list[SigningState], *, at: datetime
) -> Iterator[dict[str, Any]]:
    """Yield past, present and future steps, in plain words."""
    review_round, submitted_at = application.review_round, application.submitted_at
    assert review_round is not None
    assert submitted_at is not None
    yield {
        "title": _("Received"),
        "state": "done",
        "text": _("On %(moment)s.") % {"moment": day_and_time(submitted_at)},
    }
    if application.status == Status.WITHDRAWN:
        yield {"title": _("Withdrawn"), "state": "done", "text": _("We will not assess it any further.")}
        return
    if application.reinstated_at is not None:
        yield {
            "title": _("Withdrawn, and submitted after all"),
            "state": "done",
            "text": _("On %(moment)s.") % {"moment": day_and_time(application.reinstated_at)},
        }
    yield _signing_step(application, signing, at=at)
    yield from _assessing_steps(application, review_round, at=at)


def _assessing_steps(
    application: Application, review_round: ReviewRound, *, at: datetime
) -> Iterator[dict[str, Any]]:
    is_closed = at >= review_round.deadline_at
    yield {
        "title": _("Round %(number)d closes") % {"number": review_round.number},
        "state": "done" if is_closed else "todo",
        "text": _("On %(moment)s.") % {"moment": day_and_time(review_round.deadline_at)},
    }
    is_decided, expected_on = application.status in _DECIDED, application.decision_expected_on
    assert expected_on is not None
    awaited = application.awaits_completion_until
    if awaited is not None:
        yield {
            "title": _("Complete the application"),
            "state": "current",
            "text": _("The programme office asked the lead organisation to add something by %(day)s.")
            % {"day": day_in_words(awaited)},
        }
    is_judged = application.status in {Status.SEALED, Status.ADVISED} and awaited is None
    yield {
        "title": _("Assessment"),
        "state": "done" if is_decided else "current" if is_judged else "todo",
        "text": _("It begins once the application is completed, or when that day is over.")
        if awaited
        else _("Reviewers read your application and the committee advises. You do not need to do anything."),
    }
    yield {
        "title": _("Decision"),
        "state": "done" if is_decided else "todo",
        "text": _("The letter is ready.")
        if is_decided
        else _("We expect it on %(day)s.") % {"day": day_in_words(expected_on)},
    }


def _signing_step(application: Application, signing: list[SigningState], *, at: datetime) -> dict[str, Any]:
    lacking = [each.name for each in signing if each.signature is None]
    due_at = signature_due_at(application)
    assert due_at is not None
    if not lacking:
        return {"title": _("Declaration signed"), "state": "done", "text": _("Both people have signed.")}
    if not is_open_to_sign(application, at=at):
        text = _("The period for signing has ended. Please contact the programme office.")
    else:
        text = _("Still needed: the signature of %(names)s, before %(until)s.") % {
            "names": _(" and ").join(lacking),
            "until": day_and_time(due_at),
        }
    return {"title": _("Sign the declaration"), "state": "current", "text": text}
