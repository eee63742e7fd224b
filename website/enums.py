"""How far a region is on its way to a hub."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HubState(models.TextChoices):
    """The public state of a region: the furthest step of its coalitions."""

    NOTHING = "nothing", _("nothing yet")
    FORMING = "forming", _("coalition being formed")
    SUBMITTED = "submitted", _("application submitted")
    GRANTED = "granted", _("grant awarded")
