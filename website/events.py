"""The acts on who follows a region that are recorded: by number alone, so that nothing stays when they stop."""

from django.utils.translation import gettext_lazy as _

from hubportal.audit.events import Act, Fact
from website.enums import FollowingEnd

_REGION = Fact("region", _("region"))
FOLLOWED = Act("website.followed", _("region followed by e-mail"), (_REGION,))
FOLLOWING_ENDED = Act(
    "website.following_ended",
    _("following a region by e-mail ended"),
    (_REGION, Fact("reason", _("reason"), dict(FollowingEnd.choices))),
)
NEWS_TOLD = Act("website.news_told", _("news of a region mailed to who follows it"))
