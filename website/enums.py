"""How far a region is on its way to a hub."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HubState(models.TextChoices):
    """What everybody may know of a region, the furthest step that one of its coalitions took."""

    NOTHING = "nothing", _("nothing yet")
    FORMING = "forming", _("coalition forming")
    SUBMITTED = "submitted", _("application submitted")
    GRANTED = "granted", _("grant awarded")
