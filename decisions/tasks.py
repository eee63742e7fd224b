"""Sweeps of the decisions app."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from decisions.domain.releasing import produce_letter_of_decision
from decisions.enums import LetterOfDecision
from hubportal.kernel import clock
from hubportal.sweeps.domain.sweeping import Sweep, run
from letters.domain.printing import letter_pdf
from letters.queries import letters_to_produce

LETTERS = Sweep(
    name="decisions.make_letters",
    words=_("Making the letter of a decision"),
    due=lambda _at: letters_to_produce(LetterOfDecision),
    act=lambda letter_id, at: produce_letter_of_decision(letter_id=letter_id, make_pdf=letter_pdf, at=at),
    waits_since="released_at",
)


@shared_task(name=LETTERS.name)
def produce_letters_task() -> None:
    """Make the released letters of decisions."""
    run(LETTERS, now=clock.now)
