"""Kinds of documents, results of verification, and what is known of a file that somebody uploaded."""

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


class ScanState(models.TextChoices):
    """What is known of viruses in a file."""

    UNCHECKED = "unchecked", _("not checked for viruses")
    CLEAN = "clean", _("no virus found")
    INFECTED = "infected", _("virus found")
