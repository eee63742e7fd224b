"""States of a letter, and the parts that people have in one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterState(models.TextChoices):
    """State of a letter."""

    WAITING = "waiting", _("waiting for release")
    RELEASED = "released", _("released, being made")
    MADE = "made", _("made, being sent")
    TROUBLE = "trouble", _("e-mail failed, came back or is uncertain")
    SENT = "sent", _("sent")


class Part(models.TextChoices):
    """What somebody gets of a letter."""

    ORIGINAL = "original", _("the letter")
    COPY = "copy", _("a copy")
