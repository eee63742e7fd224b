"""People who follow a region by e-mail, by the portal's own acts."""

import re
from datetime import datetime

from hubportal.mail.models import OutgoingMail
from regions.models import Region
from retention.enums import DataKind
from retention.models import RetentionPeriod
from tests.factories.moments import AT
from tests.factories.retention import period_of
from website.domain.following import ask_to_follow, confirm_following
from website.models import RegionFollower


def follower_period() -> None:
    """Say how long addresses of followers are kept."""
    if not RetentionPeriod.objects.filter(kind=DataKind.FOLLOWERS).exists():
        period_of(DataKind.FOLLOWERS, length=700)


def followed(region: Region, *, email: str = "vera@burger.example", at: datetime = AT) -> RegionFollower:
    """Let somebody follow a region and confirm it."""
    follower_period()
    asked = ask_to_follow(region=region, email=email, at=at)
    assert asked is not None
    return confirm_following(follower_id=asked.pk, at=at)


def mailed_follow_secret(follower: RegionFollower) -> str:
    """Return the secret that was mailed to who asked to follow."""
    mail = OutgoingMail.objects.filter(about=follower.mails_about).latest("pk")
    return str(re.findall(r"/volgen/bevestigen/([\w-]+)/", mail.body)[0])
