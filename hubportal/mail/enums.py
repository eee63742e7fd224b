"""States of a mail."""

import re

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


# By the second and third number of a status, or the second alone (RFC 3463).
_CAUSES = {
    "1": _("The address does not exist, or no longer receives e-mail."),
    "2.2": _("The mailbox is full."),
    "2": _("The mailbox does not accept e-mail."),
    "4": _("The mail server of the recipient did not answer in time."),
    "7": _("The mail server of the recipient refuses e-mail from us."),
}
_status = re.compile(r"^[245]\.(\d{1,3})\.(\d{1,3})\b")


def cause_in_words(problem: str) -> str:
    """Return in plain words why a mail came back, from what the mail server said; nothing if that says too little."""
    found = _status.match(problem)
    if found is None:
        return ""
    return str(_CAUSES.get(f"{found[1]}.{found[2]}") or _CAUSES.get(found[1]) or "")
