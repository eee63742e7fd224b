"""What became of a request for a dossier."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TakeoverState(models.TextChoices):
    """Where a request for a dossier stands."""

    OPEN = "open", _("open")
    TAKEN_BACK = "taken_back", _("taken back")
    STOPPED = "stopped", _("stopped by the lead organisation")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")
    LAPSED = "lapsed", _("lapsed: no draft any more")
