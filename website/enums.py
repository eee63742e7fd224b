"""How far a region is on its way to a hub."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HubState(models.TextChoices):
    """The public state of a region: the furthest step that everybody may know of (rule 26)."""

    NOTHING = "nothing", _("nothing yet")
    MAPPED = "mapped", _("organisations known")
    FORMING = "forming", _("coalition being formed")
    SUBMITTED = "submitted", _("application submitted")
    GRANTED = "granted", _("grant awarded")
