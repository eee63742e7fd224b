"""States of a letter."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterState(models.TextChoices):
    """How far the letter of a decision is."""

    WAITING = "waiting", _("waiting for release")
    RELEASED = "released", _("released, being made")
    MADE = "made", _("made, being sent")
    TROUBLE = "trouble", _("mail failed or uncertain")
    SENT = "sent", _("sent")
