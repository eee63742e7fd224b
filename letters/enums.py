"""States of a letter, how it goes, and the parts that people have in one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterState(models.TextChoices):
    """State of a letter."""

    WAITING = "waiting", _("waiting for release")
    RELEASED = "released", _("released, being made")
    MADE = "made", _("made, being sent")
    TO_POST = "to_post", _("to be posted")
    TROUBLE = "trouble", _("e-mail failed, came back or is uncertain")
    SENT = "sent", _("sent")


class Channel(models.TextChoices):
    """How a letter goes to its addressee (Awb 2:8)."""

    EMAIL = "email", _("by e-mail")
    POST = "post", _("on paper, by post")


class Part(models.TextChoices):
    """What somebody gets of a letter."""

    ORIGINAL = "original", _("the letter")
    COPY = "copy", _("a copy")
