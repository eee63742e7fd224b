"""Sweeps of the decisions app."""

import logging

from celery import shared_task

from decisions.domain.letters import fix_moments_of_sending, produce_letter
from decisions.letters.decision_letter import decision_letter_pdf
from decisions.queries import letters_to_produce
from hubportal.kernel import clock

logger = logging.getLogger(__name__)


@shared_task(name="decisions.produce_letters")
def produce_letters_task() -> None:
    """Make the released letters; another worker makes others, and one that fails stops none."""
    fix_moments_of_sending(at=clock.now())
    for letter_id in letters_to_produce().values_list("pk", flat=True)[:1000]:
        try:
            produce_letter(letter_id=letter_id, make_pdf=decision_letter_pdf, at=clock.now())
        except Exception:
            logger.exception("decisions: letter %d was not made; the next sweep tries again", letter_id)
