"""Sweeps of the letters app."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from hubportal.kernel import clock
from hubportal.sweeps.domain.sweeping import Sweep, run
from letters.domain.printing import letter_pdf
from letters.domain.producing import date_anew, fix_moment_of_sending
from letters.queries import letters_just_sent, letters_too_late

MOMENTS = Sweep(
    name="letters.fix_moments_of_sending",
    words=_("Recording when a letter was sent"),
    due=lambda _at: letters_just_sent(),
    act=lambda letter_id, at: fix_moment_of_sending(letter_id=letter_id, at=at),
    waits_since="mail__sent_at",
    tells_of_decisions=True,
)

TOO_LATE = Sweep(
    name="letters.date_anew",
    words=_("Making a letter anew that could not be sent on its day"),
    due=lambda at: letters_too_late(at=at),
    act=lambda letter_id, at: date_anew(letter_id=letter_id, make_pdf=letter_pdf, at=at),
    waits_since="mail__send_before",
    tells_of_decisions=True,
)


@shared_task(name=TOO_LATE.name)
def date_anew_task() -> None:
    """Make the letters anew that could not be sent on the day they were dated."""
    run(TOO_LATE, now=clock.now)


@shared_task(name=MOMENTS.name)
def fix_moments_of_sending_task() -> None:
    """Fix when the letters were sent whose mail went out."""
    run(MOMENTS, now=clock.now)
