"""Streams of participation that organisations belong to."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stream(models.TextChoices):
    """The three streams that meet in a hub."""

    PATIENTS = "patients", _("patient and client participation")
    COUNCILS = "councils", _("client councils (medezeggenschap)")
    RESIDENTS = "residents", _("citizen participation")
