"""Kinds of things that a call is made of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """What is advised and decided on an application."""

    GRANTED = "granted", _("granted")
    REJECTED = "rejected", _("rejected")


class CriterionFamily(models.TextChoices):
    """The two families of criteria."""

    RELEVANCE = "relevance", _("relevance (relevantie)")
    QUALITY = "quality", _("quality (kwaliteit)")


class FormKind(models.TextChoices):
    """The kinds of files in which one can read beforehand what a call asks."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"
