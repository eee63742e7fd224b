"""Positions of assessors at organisations."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation
from reviews.enums import AffiliationKind


class Affiliation(models.Model):
    """An employer or a board seat of somebody who judges or handles applications (functie elders).

    By the number and name of the organisation, so that it ties the person once the portal knows that organisation too.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="affiliations")
    # Where the portal knew it when the position was recorded.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="affiliations", null=True
    )
    # Empty only for an organisation of the portal that has none.
    kvk_number = models.CharField(_("KvK number"), max_length=8, blank=True, default="", db_default="")
    name = models.CharField(_("organisation"), max_length=150, blank=True, default="", db_default="")
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
            models.UniqueConstraint(
                name="affiliation_once_per_number",
                fields=["user", "kvk_number", "kind"],
                condition=Q(ended_at=None) & ~Q(kvk_number=""),
            ),
            models.CheckConstraint(
                name="affiliation_of_an_organisation",
                condition=Q(organisation__isnull=False) | (Q(kvk_number__regex=r"^\d{8}$") & ~Q(name="")),
            ),
            models.CheckConstraint(
                name="affiliation_ends_after_it_was_noted",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("noted_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.name or self.organisation_id}"
