"""What a link is for, how somebody consented, and why somebody was erased."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LinkUse(models.TextChoices):
    """What a mailed link is for."""

    ANSWER = "answer"
    PROLONG = "prolong"
    # Works as long as anything is kept: who agreed can always see it and withdraw.
    LASTING = "lasting"


class ConsentWay(models.TextChoices):
    """How somebody consented."""

    LINK = "link", _("through the link in our e-mail")
    PAPER = "paper", _("on paper")
    PHONE = "phone", _("by telephone")
    TALK = "talk", _("in a conversation")


# Those that a kwartiermaker writes down.
RECORDED_WAYS = [each for each in ConsentWay if each != ConsentWay.LINK]


class ErasureReason(models.TextChoices):
    """Why somebody was erased."""

    DECLINED = "declined", _("declined when asked")
    WITHDRAWN = "withdrawn", _("withdrew the consent")
    ASKED = "asked", _("asked the kwartiermaker")
    MISTAKE = "mistake", _("written down by mistake")
    ENDED = "ended", _("the consent ended")
    UNANSWERED = "unanswered", _("did not answer in time")


# Those that a kwartiermaker can choose.
CHOSEN_REASONS = [ErasureReason.ASKED, ErasureReason.MISTAKE]
