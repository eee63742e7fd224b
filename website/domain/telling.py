"""Telling who follows a region what is new there: at most weekly, and only what everybody may know (rule 26)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import translation

from hubportal.audit.domain.events import record
from hubportal.kernel.clock import local_date
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import Message, queue_mails
from regions.models import Region
from website.domain.news import News, everything_public
from website.events import NEWS_TOLD
from website.following_queries import followers_to_tell, mark_of
from website.models import RegionFollower, RegionNews

# More in one mail nobody reads: the page has all of it.
MOST_IN_A_MAIL = 20


def note_news(region: Region, *, at: datetime) -> dict[str, tuple[News, datetime]]:
    """Note what is public of a locked region now, and return each by its key with when that was first seen.

    What is public no more is forgotten. By what was seen, not by when it was decided: a letter may be sent later.
    """
    with translation.override("nl"):
        now = {each.key: each for each in everything_public(region, today=local_date(at), at=at)}
    RegionNews.objects.filter(region=region).exclude(key__in=list(now)).delete()
    seen = dict(RegionNews.objects.filter(region=region).values_list("key", "seen_at"))
    new = [RegionNews(region=region, key=key, seen_at=at) for key in now if key not in seen]
    RegionNews.objects.bulk_create(new)
    return {key: (each, seen.get(key, at)) for key, each in now.items()}


@transaction.atomic(durable=True)
def tell_news(*, region_id: int, at: datetime) -> bool:
    """Mail who follows a region what became public since they were told last; where that is nothing, no mail. Idempotent."""
    region = Region.objects.select_for_update(no_key=True).get(pk=region_id)
    followers = list(followers_to_tell(region, at=at).select_for_update())
    if not followers:
        return False
    seen = note_news(region, at=at).values()
    messages = []
    for each in followers:
        assert each.told_at is not None  # they are due
        new = [news for news, seen_at in seen if seen_at > each.told_at]
        if new:
            messages.append(_message(region, each, new))
        each.told_at = at
    queue_mails(messages, at=at)
    RegionFollower.objects.bulk_update(followers, ["told_at"])
    record(NEWS_TOLD, subject=region, actor=None, at=at)
    return True


def _message(region: Region, follower: RegionFollower, new: Sequence[News]) -> Message:
    stop = address_of("website:stop_following", follower.key, mark_of(follower.key))
    words = {
        "region": region,
        "news": new[:MOST_IN_A_MAIL],
        "more": len(new) - MOST_IN_A_MAIL,
        "address": address_of("website:region", region.slug),
        "stop": stop,
        "follower": follower,
    }
    subject, body = compose("follow_news", words)
    return Message(
        "follow_news", follower.email, subject, body, about=follower.mails_about, unsubscribe_address=stop
    )
