"""Kinds of interests and states of reviews."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InterestOrigin(models.TextChoices):
    """Origin of an interest."""

    DECLARED = "declared", _("declared by the person")
    DATA = "data", _("follows from what the portal knows of the person")


class AffiliationKind(models.TextChoices):
    """Kind of position at an organisation."""

    EMPLOYER = "employer", _("employer")
    BOARD = "board", _("board or supervisory seat")


class TieKind(models.TextChoices):
    """What ties a person to an organisation of an application."""

    EMPLOYER = "employer", _("employer")
    BOARD = "board", _("board or supervisory seat")
    SPEAKS = "speaks", _("speaks for it in the portal")
    NAMED = "named", _("named in the application, or wrote, consented or signed")
    RIVAL = "rival", _("takes part in another application of this call, which is not decided yet")


class AssignmentEnd(models.TextChoices):
    """Why an assignment ended before its time."""

    INTEREST = "interest", _("an interest")
    ROLE = "role", _("no reviewer any more")
    OFFICE = "office", _("ended by the office")


class ReviewStatus(models.TextChoices):
    """Status of a review."""

    DRAFT = "draft", _("not complete")
    COMPLETE = "complete", _("complete")
