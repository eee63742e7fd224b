"""Corrections of letters."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from letters.models.letter import Letter


class Correction(models.Model):
    """That a letter is to be replaced, and what the new letter says of the reason (verbetering, rule 19).

    Somebody else releases the letter that replaces it.
    """

    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="correction")
    explanation = models.TextField(_("what is corrected"), max_length=2000)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("correction of a letter")
        verbose_name_plural = _("corrections of letters")
        constraints: ClassVar = [
            models.CheckConstraint(name="letter_correction_is_explained", condition=~Q(explanation=""))
        ]

    def __str__(self) -> str:
        return f"correction of letter {self.letter_id}"
