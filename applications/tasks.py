"""Sweeps of the applications app."""

import logging

from celery import shared_task

from applications.domain.declaration import remind_to_sign
from applications.domain.receipts import produce_receipt
from applications.domain.sealing import seal_due_rounds
from applications.letters.receipt import receipt_pdf
from applications.queries import receipts_to_produce, to_remind_of_signing
from hubportal.kernel import clock

logger = logging.getLogger(__name__)


@shared_task(name="applications.seal_due_rounds")
def seal_due_rounds_task() -> None:
    """Seal the rounds past their deadline; running it twice changes nothing."""
    if sealed := seal_due_rounds(at=clock.now()):
        logger.info("applications: sealed rounds %s", sealed)


@shared_task(name="applications.remind_to_sign")
def remind_to_sign_task() -> None:
    """Remind those who did not sign of the end of the term; one that fails stops none."""
    for application_id in to_remind_of_signing(at=clock.now()).values_list("pk", flat=True)[:1000]:
        try:
            remind_to_sign(application_id=application_id, at=clock.now())
        except Exception:
            logger.exception("applications: nobody was reminded to sign application %d", application_id)


@shared_task(name="applications.produce_receipts")
def produce_receipts_task() -> None:
    """Make the receipts that have no PDF yet; another worker makes others, and one that fails stops none."""
    for receipt_id in receipts_to_produce().values_list("pk", flat=True)[:1000]:
        try:
            produce_receipt(receipt_id=receipt_id, make_pdf=receipt_pdf, at=clock.now())
        except Exception:
            logger.exception("applications: receipt %d was not made; the next sweep tries again", receipt_id)
