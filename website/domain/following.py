"""Following a region by e-mail: asked, confirmed through a link, told at most weekly, and stopped through a link."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.mailboxes import mailbox
from hubportal.kernel.one_time import DeadLink, new_secret, secret_digest, without_secret
from hubportal.kernel.quotas import TooMuch
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import queue_mail, rewrite_sent
from hubportal.mail.models import OutgoingMail
from hubportal.sweeps.models import PostponedRow
from regions.models import Region
from retention.enums import DataKind
from retention.queries import period_of
from website.domain.telling import note_news
from website.enums import FollowingEnd
from website.events import FOLLOWED, FOLLOWING_ENDED
from website.following_queries import DAYS_TO_CONFIRM
from website.models import RegionFollower

# In a day: mails to one mailbox, and all of them together.
MOST_BY_ONE_MAILBOX = 5
MOST_IN_A_DAY = 2000
_A_DAY, _AN_HOUR = timedelta(days=1), timedelta(hours=1)
# A second click within this time is the same.
_SAME_CLICK = timedelta(minutes=10)


@transaction.atomic(durable=True)
def ask_to_follow(*, region: Region, email: str, at: datetime) -> RegionFollower | None:
    """Mail somebody a link to confirm that they want to follow a region. Idempotent.

    Whether they follow it already changes nothing of this. Nothing, once one mailbox was mailed too often today: who asks
    is told the same. Raises ``TooMuch`` for all of them together.
    """
    # A second click waits here, and then finds the first.
    Region.objects.select_for_update(no_key=True).get(pk=region.pk)
    asked = RegionFollower.objects.filter(asked_at__gt=at - _A_DAY)
    mine = asked.filter(mailbox=mailbox(email))
    if same := mine.filter(region=region, confirmed_at=None, asked_at__gt=at - _SAME_CLICK).first():
        return same
    # Of what nobody confirmed that of an hour: whoever fills it from many networks keeps nobody away for a day.
    counting = asked.filter(Q(confirmed_at__isnull=False) | Q(asked_at__gt=at - _AN_HOUR))
    if counting.count() >= MOST_IN_A_DAY:
        raise TooMuch(_("Too many people asked this today. Try again tomorrow, or follow by feed."))
    if mine.count() >= MOST_BY_ONE_MAILBOX:
        return None
    followed_until(at)
    secret = new_secret()
    follower = RegionFollower.objects.create(
        region=region,
        email=email,
        mailbox=mailbox(email),
        confirm_digest=secret_digest(secret),
        asked_at=at,
        kept_until=at + timedelta(days=DAYS_TO_CONFIRM),
    )
    words = {
        "region": region,
        "address": address_of("website:confirm_following", secret),
        "days": DAYS_TO_CONFIRM,
    }
    subject, body = compose("follow_confirm", words)
    queue_mail(
        kind="follow_confirm", recipient=email, subject=subject, body=body, about=follower.mails_about, at=at
    )
    return follower


def followed_until(at: datetime) -> datetime:
    """Return until when somebody follows who confirms at a moment. Raises ``RuleViolation`` where nobody set that."""
    period = period_of(DataKind.FOLLOWERS)
    over = period.over_at(at) if period else None
    if over is None:
        raise RuleViolation(
            _("The programme office has not set how long addresses are kept. Follow by feed instead.")
        )
    return over


def check_can_follow(follower: RegionFollower, *, at: datetime) -> None:
    """Raise ``DeadLink`` once the days to confirm are over."""
    if follower.confirmed_at is None and at >= follower.kept_until:
        raise DeadLink(_("This link has expired. Ask for a new one on the page of the region."))


@transaction.atomic(durable=True)
def confirm_following(*, follower_id: int, at: datetime) -> RegionFollower:
    """Let somebody who reads the mailbox that was given follow a region, from now on. Idempotent. Raises ``DeadLink``."""
    found = RegionFollower.objects.select_related("region").filter(pk=follower_id).first()
    if found is None:
        raise DeadLink(_("This link has expired. Ask for a new one on the page of the region."))
    region = Region.objects.select_for_update(no_key=True).get(pk=found.region_id)
    follower = RegionFollower.objects.select_for_update().get(pk=follower_id)
    if follower.confirmed_at is not None:
        return follower
    check_can_follow(follower, at=at)
    earlier = RegionFollower.objects.filter(
        region=region, mailbox=follower.mailbox, confirmed_at__isnull=False
    )
    for each in earlier.select_for_update().order_by("pk"):
        _end(each, FollowingEnd.AGAIN, at=at)
    digest = follower.confirm_digest
    follower.confirmed_at = follower.told_at = at
    follower.kept_until = followed_until(at)
    follower.save(update_fields=["confirmed_at", "told_at", "kept_until"])
    rewrite_sent(
        lambda text: without_secret(text, digest), about=follower.mails_about, recipient=follower.email
    )
    note_news(region, at=at)
    record(FOLLOWED, subject=follower, actor=None, at=at, facts={"region": region.pk})
    return follower


@transaction.atomic(durable=True)
def stop_following(*, follower_id: int, at: datetime) -> bool:
    """Let somebody follow no more, and forget the address. Idempotent."""
    follower = RegionFollower.objects.select_for_update().filter(pk=follower_id).first()
    if follower is None:
        return False
    _end(follower, FollowingEnd.STOPPED, at=at)
    return True


@transaction.atomic(durable=True)
def end_following(*, follower_id: int, at: datetime) -> bool:
    """Forget what nobody confirmed in time, or an address whose period is over. Idempotent."""
    follower = RegionFollower.objects.select_for_update().filter(pk=follower_id).first()
    if follower is None or at < follower.kept_until:
        return False
    _end(follower, FollowingEnd.OVER if follower.confirmed_at else FollowingEnd.UNCONFIRMED, at=at)
    return True


def _end(follower: RegionFollower, reason: FollowingEnd, *, at: datetime) -> None:
    """Remove a locked follower with the mails; one that is being sent may still arrive."""
    facts = {"region": follower.region_id, "reason": reason}
    record(FOLLOWING_ENDED, subject=follower, actor=None, at=at, facts=facts)
    OutgoingMail.objects.filter(about=follower.mails_about).delete()
    PostponedRow.objects.filter(sweep="website.end_following", row_id=follower.pk).delete()
    follower.delete()
