"""Sweeps of the website app."""

import logging

from celery import shared_task

from website.domain.states import renew_region_states

logger = logging.getLogger(__name__)


@shared_task(name="website.renew_region_states")
def renew_region_states_task() -> None:
    """Store the public state of each region that changed. Idempotent."""
    if renewed := renew_region_states():
        logger.info("website: renewed the public state of %d regions", renewed)
