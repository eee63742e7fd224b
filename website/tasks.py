"""Sweeps of the website app."""

import logging

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from hubportal.kernel import clock
from hubportal.sweeps.domain.sweeping import Sweep, run
from website.domain.covering import keep_coverage
from website.domain.following import end_following
from website.domain.states import renew_region_states
from website.domain.telling import tell_news
from website.following_queries import followers_to_end, regions_to_tell_of

logger = logging.getLogger(__name__)

TELLING = Sweep(
    name="website.tell_news",
    words=_("Mailing who follows a region what is new"),
    due=lambda at: regions_to_tell_of(at=at),
    act=lambda region_id, at: tell_news(region_id=region_id, at=at),
    waits_since="told_since",
)
ENDING = Sweep(
    name="website.end_following",
    words=_("Forgetting addresses that follow a region no more"),
    due=lambda at: followers_to_end(at=at),
    act=lambda follower_id, at: end_following(follower_id=follower_id, at=at),
    waits_since="kept_until",
)


@shared_task(name=TELLING.name)
def tell_news_task() -> None:
    """Mail who follows a region what became public, at most weekly."""
    run(TELLING, now=clock.now)


@shared_task(name=ENDING.name)
def end_following_task() -> None:
    """Forget addresses that nobody confirmed, or whose period is over."""
    run(ENDING, now=clock.now)


@shared_task(name="website.keep_coverage")
def keep_coverage_task() -> None:
    """Keep how much of the country is covered today. Idempotent."""
    if keep_coverage(at=clock.now()):
        logger.info("website: kept how much of the country is covered today")


@shared_task(name="website.renew_region_states")
def renew_region_states_task() -> None:
    """Store the public state of each region that changed. Idempotent."""
    if renewed := renew_region_states():
        logger.info("website: renewed the public state of %d regions", renewed)
