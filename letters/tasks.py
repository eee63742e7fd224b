"""Sweeps of the letters app."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from hubportal.kernel import clock
from hubportal.sweeps.domain.sweeping import Sweep, run
from letters.domain.producing import fix_moment_of_sending
from letters.queries import letters_just_sent

MOMENTS = Sweep(
    name="letters.fix_moments_of_sending",
    words=_("Recording when a letter was sent"),
    due=lambda _at: letters_just_sent(),
    act=lambda letter_id, at: fix_moment_of_sending(letter_id=letter_id, at=at),
    waits_since="mail__sent_at",
)


@shared_task(name=MOMENTS.name)
def fix_moments_of_sending_task() -> None:
    """Fix when the letters were sent whose mail went out."""
    run(MOMENTS, now=clock.now)
