"""Reads of who follows a region by e-mail, and of what was seen to be new there."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.signing import Signer
from django.db.models import CharField, Min, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.crypto import constant_time_compare

from hubportal.mail.models import OutgoingMail
from regions.models import Region
from website.models import RegionFollower

# How long somebody has to confirm that it was them who asked.
DAYS_TO_CONFIRM = 7
# At most one mail in this time.
TELLS_EVERY = timedelta(days=7)
# Who follows which region is for nobody of the office.
MAIL_KINDS = frozenset({"follow_confirm", "follow_news"})
_signer = Signer(salt="website.following")


def mark_of(key: UUID) -> str:
    """Return the signature beside a key in the link that stops a mail: who reads the database cannot make it."""
    return _signer.signature(str(key))


def is_marked(key: UUID, mark: str) -> bool:
    """Tell whether we made this signature."""
    return constant_time_compare(mark, mark_of(key))


def follower_to_confirm(digest: str) -> RegionFollower | None:
    """Return who asked to follow with a secret that has a digest, confirmed or not."""
    return RegionFollower.objects.select_related("region").filter(confirm_digest=digest).first()


def follower_with(key: UUID) -> RegionFollower | None:
    """Return the follower with a key, if they still follow."""
    return RegionFollower.objects.select_related("region").filter(key=key).first()


def followers_to_tell(region: Region, *, at: datetime) -> QuerySet[RegionFollower]:
    """Return who follows a region and was told nothing for a week."""
    return RegionFollower.objects.filter(_is_due(at), region=region).order_by("pk")


def regions_to_tell_of(*, at: datetime) -> QuerySet[Any]:
    """Return the regions of which somebody is to be told, who waits longest first (``told_since``)."""
    waits_since = Min("followers__told_at", filter=_is_due(at, "followers__"))
    due = Region.objects.annotate(told_since=waits_since).filter(told_since__isnull=False)
    return due.order_by("told_since", "pk")


def _is_due(at: datetime, where: str = "") -> Q:
    return Q(**{f"{where}told_at__lte": at - TELLS_EVERY, f"{where}kept_until__gt": at})


def followers_to_end(*, at: datetime) -> QuerySet[RegionFollower]:
    """Return what nobody confirmed in time, and who followed for the whole period, the longest ago first."""
    return RegionFollower.objects.filter(kept_until__lte=at).order_by("kept_until", "pk")


def mails_without_follower() -> QuerySet[OutgoingMail]:
    """Return the mails to who follows no more."""
    kept = RegionFollower.objects.annotate(mails=Concat(Value("follow-"), Cast("pk", CharField())))
    return OutgoingMail.objects.filter(kind__in=MAIL_KINDS).exclude(about__in=kept.values("mails"))
