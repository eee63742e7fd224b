"""Sweeps of the letters app."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from hubportal.kernel import clock
from hubportal.sweeps.domain.sweeping import Sweep, run
from letters.domain.posting import bundle_post, print_letter
from letters.domain.printing import letter_pdf
from letters.domain.producing import date_anew, fix_moment_of_sending
from letters.domain.returning import note_bounce, send_anew
from letters.queries import (
    letters_just_sent,
    letters_that_came_back,
    letters_to_print,
    letters_to_send_anew,
    letters_too_late,
    runs_to_bundle,
)

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

PRINTS = Sweep(
    name="letters.print",
    words=_("Making the letters that are posted today"),
    due=lambda at: letters_to_print(at=at),
    act=lambda letter_id, at: print_letter(letter_id=letter_id, make_pdf=letter_pdf, at=at),
    waits_since="released_at",
    tells_of_decisions=True,
)

BUNDLES = Sweep(
    name="letters.bundle",
    words=_("Putting the letters of the day together for printing"),
    due=lambda at: runs_to_bundle(at=at),
    act=lambda run_id, at: bundle_post(run_id=run_id, at=at),
    waits_since="asked_at",
    tells_of_decisions=True,
)

CAME_BACK = Sweep(
    name="letters.note_bounces",
    words=_("Recording that a letter came back"),
    due=lambda _at: letters_that_came_back(),
    act=lambda letter_id, at: note_bounce(letter_id=letter_id, at=at),
    waits_since="mail__bounced_at",
    tells_of_decisions=True,
)

ANEW = Sweep(
    name="letters.send_anew",
    words=_("Sending a letter once more"),
    due=lambda at: letters_to_send_anew(at=at),
    act=lambda letter_id, at: send_anew(letter_id=letter_id, make_pdf=letter_pdf, at=at),
    waits_since="bounced_at",
    tells_of_decisions=True,
)


@shared_task(name=PRINTS.name)
def print_letters_task() -> None:
    """Make the letters that somebody posts today."""
    run(PRINTS, now=clock.now)


@shared_task(name=BUNDLES.name)
def bundle_post_task() -> None:
    """Put the letters that somebody posts today in one file."""
    run(BUNDLES, now=clock.now)


@shared_task(name=CAME_BACK.name)
def note_bounces_task() -> None:
    """Record of letters that they came back."""
    run(CAME_BACK, now=clock.now)


@shared_task(name=ANEW.name)
def send_anew_task() -> None:
    """Send the letters once more that came back, or for which the office asked it."""
    run(ANEW, now=clock.now)


@shared_task(name=TOO_LATE.name)
def date_anew_task() -> None:
    """Make the letters anew that could not be sent on the day they were dated."""
    run(TOO_LATE, now=clock.now)


@shared_task(name=MOMENTS.name)
def fix_moments_of_sending_task() -> None:
    """Fix when the letters were sent whose mail went out."""
    run(MOMENTS, now=clock.now)
