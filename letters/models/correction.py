"""Corrections of letters."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from letters.models.letter import Letter


class CorrectedWords(models.Model):
    """What the letter that replaces another one says in its own words; what is empty, it says as the case has it."""

    explanation = models.TextField(_("what is corrected"), max_length=2000, blank=True)
    addressee = models.CharField(_("addressee"), max_length=300, blank=True, db_default="")
    attention = models.CharField(_("for the attention of"), max_length=300, blank=True, db_default="")
    reasons = models.TextField(_("reasons"), max_length=6000, blank=True, db_default="")

    class Meta:
        abstract = True


class CorrectionDraft(CorrectedWords):
    """A correction as far as somebody has written it (concept); it binds nobody (rules 30 and 32)."""

    letter = models.OneToOneField(
        Letter, on_delete=models.PROTECT, primary_key=True, related_name="correction_draft"
    )
    version = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.letter_id}: version {self.version}"


class Correction(CorrectedWords):
    """That a letter is to be replaced, and what the new letter says of the reason (verbetering, rule 19).

    Somebody else releases the letter that replaces it. Until then it can be taken back, and stays as it was (rule 30).
    """

    letter = models.ForeignKey(
        Letter, on_delete=models.PROTECT, related_name="corrections", verbose_name=_("letter")
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    withdrawn_because = models.TextField(_("reason"), max_length=2000, blank=True, db_default="")
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("taken back at"), null=True)

    class Meta:
        verbose_name = _("correction of a letter")
        verbose_name_plural = _("corrections of letters")
        constraints: ClassVar = [
            models.CheckConstraint(name="letter_correction_is_explained", condition=~Q(explanation="")),
            models.UniqueConstraint(
                name="letter_correction_one_that_counts", fields=["letter"], condition=Q(withdrawn_at=None)
            ),
            models.CheckConstraint(
                name="letter_correction_taken_back_with_a_reason",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_because="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"correction of letter {self.letter_id}"
