"""Sweeps of the completions app."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from completions.domain.ending import end_term_to_complete, remind_of_completion
from completions.queries import to_end, to_remind_of
from hubportal.kernel import clock
from hubportal.sweeps.domain.sweeping import Sweep, run

ENDING = Sweep(
    name="completions.end",
    words=_("Ending terms to complete that passed"),
    due=lambda at: to_end(at=at),
    act=lambda application_id, at: end_term_to_complete(application_id=application_id, at=at),
    waits_since="completion__asked_at",
    tells_of_decisions=True,
)
REMINDING = Sweep(
    name="completions.remind",
    words=_("Reminding of what is to be completed"),
    due=lambda at: to_remind_of(at=at),
    act=lambda request_id, at: remind_of_completion(request_id=request_id, at=at),
    waits_since="asked_at",
    tells_of_decisions=True,
)


@shared_task(name=ENDING.name)
def end_terms_to_complete() -> None:
    """End the terms to complete that passed."""
    run(ENDING, now=clock.now)


@shared_task(name=REMINDING.name)
def remind_of_completions() -> None:
    """Remind applicants of what the office asked to complete."""
    run(REMINDING, now=clock.now)
