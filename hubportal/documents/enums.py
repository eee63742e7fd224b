"""Kinds of documents, and results of verification."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentKind(models.TextChoices):
    """What a document is."""

    RECEIPT = "receipt", _("Confirmation of receipt")
    LETTER = "letter", _("Decision letter")


class VerificationResult(models.TextChoices):
    """The result of verifying a code or a file."""

    GENUINE = "genuine", _("genuine")
    SUPERSEDED = "superseded", _("genuine, but replaced")
    WITHDRAWN = "withdrawn", _("genuine, but withdrawn")
    ALTERED = "altered", _("altered")
    UNKNOWN = "unknown", _("unknown")
