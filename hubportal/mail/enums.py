"""States of a mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailStatus(models.TextChoices):
    """Status of a mail."""

    QUEUED = "queued", _("waiting to be sent")
    CLAIMED = "claimed", _("being sent")
    SENT = "sent", _("sent")
    BOUNCED = "bounced", _("came back")
    UNCERTAIN = "uncertain", _("uncertain")
    FAILED = "failed", _("failed")
    SETTLED = "settled", _("settled by the office")
