"""Sweeps of the decisions app."""

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from decisions.domain.releasing import produce_letter_of_decision
from decisions.domain.settling import settle_round
from decisions.post_queries import letters_to_make
from decisions.queries import rounds_to_settle
from hubportal.kernel import clock
from hubportal.sweeps.domain.sweeping import Sweep, run
from letters.domain.printing import letter_pdf

LETTERS = Sweep(
    name="decisions.make_letters",
    words=_("Making the letter of a decision"),
    due=lambda _at: letters_to_make(),
    act=lambda letter_id, at: produce_letter_of_decision(letter_id=letter_id, make_pdf=letter_pdf, at=at),
    waits_since="released_at",
    tells_of_decisions=True,
)

ROUNDS = Sweep(
    name="decisions.settle_rounds",
    words=_("Noting that every letter of a round was sent"),
    due=lambda _at: rounds_to_settle().order_by("sealed_at", "pk"),
    act=lambda round_id, at: settle_round(round_id=round_id, at=at),
    waits_since="sealed_at",
    tells_of_decisions=True,
)


@shared_task(name=ROUNDS.name)
def settle_rounds_task() -> None:
    """Settle the rounds of which every letter was sent."""
    run(ROUNDS, now=clock.now)


@shared_task(name=LETTERS.name)
def produce_letters_task() -> None:
    """Make the released letters of decisions."""
    run(LETTERS, now=clock.now)
