"""Positions of assessors at organisations."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation
from reviews.enums import AffiliationKind


class Affiliation(models.Model):
    """An employer or a board seat of somebody who judges or handles applications (functie elders)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="affiliations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="affiliations")
    kind = models.CharField(_("kind"), max_length=10, choices=AffiliationKind)
    noted_at = models.DateTimeField(_("recorded at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="affiliation_once_per_kind",
                fields=["user", "organisation", "kind"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="affiliation_ends_after_it_was_noted",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("noted_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.organisation_id}"
