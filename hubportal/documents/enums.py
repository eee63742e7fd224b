"""Kinds of documents, and what a verification can find."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentKind(models.TextChoices):
    """What a document is."""

    RECEIPT = "receipt", _("Confirmation of receipt")
    LETTER = "letter", _("Decision letter")


class VerificationResult(models.TextChoices):
    """What the portal can say of a code or a file that somebody shows it."""

    GENUINE = "genuine", _("genuine")
    SUPERSEDED = "superseded", _("genuine, but replaced")
    ALTERED = "altered", _("altered")
    UNKNOWN = "unknown", _("unknown")
