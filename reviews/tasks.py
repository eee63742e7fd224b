"""Sweeps of the reviews app."""

import logging

from celery import shared_task

from hubportal.kernel import clock
from reviews.domain.assigning import assign_reviewers, rounds_to_assign
from reviews.domain.interests import close_what_data_ties

logger = logging.getLogger(__name__)


@shared_task(name="reviews.assign_reviewers")
def assign_reviewers_task() -> None:
    """Close what data ties, then assign the reviewers that sealed rounds lack; twice changes nothing."""
    if closed := close_what_data_ties(at=clock.now()):
        logger.info("reviews: closed %d applications to people tied to them", closed)
    for round_id in rounds_to_assign().values_list("pk", flat=True):
        if assigned := assign_reviewers(round_id=round_id, at=clock.now()):
            logger.info("reviews: %d assignments in round %d", assigned, round_id)
