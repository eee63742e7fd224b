"""Kinds of interests and states of reviews."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InterestOrigin(models.TextChoices):
    """How an interest came to be known."""

    DECLARED = "declared", _("declared by the person")
    DATA = "data", _("follows from employer or board seats")


class AffiliationKind(models.TextChoices):
    """How somebody is tied to an organisation."""

    EMPLOYER = "employer", _("employer")
    BOARD = "board", _("board or supervisory seat")


class ReviewStatus(models.TextChoices):
    """Whether a review is in."""

    DRAFT = "draft", _("not complete")
    COMPLETE = "complete", _("complete")
