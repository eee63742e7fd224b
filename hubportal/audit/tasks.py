"""Sweeps of the audit app."""

import logging

from celery import shared_task

from hubportal.audit.domain.events import link_events
from hubportal.kernel import clock

logger = logging.getLogger(__name__)


@shared_task(name="audit.link_events")
def link_events_task() -> None:
    """Link what happened since the last sweep."""
    while linked := link_events(at=clock.now()):
        logger.info("audit: linked %d events", linked)
