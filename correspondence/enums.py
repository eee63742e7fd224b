"""The two sides that write to each other."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# The way of a message that was written by mail.
BY_MAIL = "mail"


class Side(models.TextChoices):
    """On whose behalf a message was written."""

    APPLICANTS = "applicants", _("the applicants")
    OFFICE = "office", _("the programme office")
