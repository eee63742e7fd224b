"""Forms of participation."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ParticipationForm(models.TextChoices):
    """How people have a say in a question."""

    INFORM = "inform", _("inform")
    CONSULT = "consult", _("consult (raadplegen)")
    ADVISE = "advise", _("advise (adviseren)")
    COPRODUCE = "coproduce", _("co-produce (coproduceren)")
    DECIDE = "decide", _("decide together (meebeslissen)")
