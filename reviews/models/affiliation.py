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

    By the number and name of the organisation, so that it ties the person once the portal knows that organisation too;
    abroad, where there is no such number, by its name alone.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="affiliations")
    # Where the portal knew it when the position was recorded.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="affiliations", null=True
    )
    # Empty for an organisation of the portal that has none, and for one abroad.
    kvk_number = models.CharField(_("KvK number"), max_length=8, blank=True, default="", db_default="")
    name = models.CharField(_("organisation"), max_length=150, blank=True, default="", db_default="")
    # Of an organisation without a number: in which country it is, and its name as ``sort_name`` of an organisation.
    country = models.CharField(_("country"), max_length=80, blank=True, default="", db_default="")
    sort_name = models.CharField(max_length=150, blank=True, default="", db_default="", editable=False)
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
                condition=Q(organisation__isnull=False, country="", sort_name="")
                | (Q(kvk_number__regex=r"^\d{8}$", country="", sort_name="") & ~Q(name=""))
                | (Q(organisation=None, kvk_number="") & ~Q(name="") & ~Q(country="") & ~Q(sort_name="")),
            ),
            models.UniqueConstraint(
                name="affiliation_once_per_name",
                fields=["user", "sort_name", "kind"],
                condition=Q(ended_at=None) & ~Q(sort_name=""),
            ),
            models.CheckConstraint(
                name="affiliation_ends_after_it_was_noted",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("noted_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.name or self.organisation_id}"
