"""The municipalities of the regions."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from regions.models.region import Region


class Municipality(models.Model):
    """A municipality of 2024, which lies in one region (gemeente)."""

    code = models.CharField(_("code"), max_length=6, unique=True)
    name = models.CharField(_("name"), max_length=80, unique=True)
    sort_name = models.CharField(max_length=80, editable=False)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="municipalities")
    population_2021 = models.PositiveIntegerField(_("inhabitants on 1 January 2021"))

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering: ClassVar = ["sort_name"]

    def __str__(self) -> str:
        return self.name
