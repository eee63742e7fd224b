"""The names by which people look for their region."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regions.enums import PlaceKind
from regions.models.municipality import Municipality
from regions.models.region import Region


class PlaceName(models.Model):
    """A name of a place, municipality, province or region, old and other names too (plaatsnaam).

    A name of two places has two rows. ``stands_for`` is the official name that an old or other name means.
    """

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=PlaceKind)
    stands_for = models.CharField(_("stands for"), max_length=80, blank=True)
    # None for what is larger than a municipality.
    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, null=True, related_name="place_names"
    )
    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="place_names")

    class Meta:
        verbose_name = _("name of a place")
        verbose_name_plural = _("names of places")
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="place_name_once_per_municipality",
                fields=["name", "kind", "stands_for", "municipality", "region"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="place_name_of_a_known_kind", condition=Q(kind__in=sorted(PlaceKind.values))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceKey(models.Model):
    """What somebody may type of a name: all of it, or from one of its words on, as ``names.search_key`` writes it."""

    place_name = models.ForeignKey(PlaceName, on_delete=models.CASCADE, related_name="keys")
    key = models.CharField(max_length=80, db_index=True)
    is_whole = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="place_key_once_per_name", fields=["place_name", "key"])
        ]

    def __str__(self) -> str:
        return self.key
