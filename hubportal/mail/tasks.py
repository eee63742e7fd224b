"""Sweeps of the outbox."""

import logging

from celery import shared_task

from hubportal.kernel import clock
from hubportal.mail.domain.sending import send_due_mails

logger = logging.getLogger(__name__)


@shared_task(name="mail.send_due")
def send_due_task() -> None:
    """Send due mails. Idempotent."""
    if sent := send_due_mails(now=clock.now):
        logger.info("mail: sent %d", sent)
