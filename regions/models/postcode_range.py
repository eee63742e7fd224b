"""From the digits of a postcode to a municipality."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from regions.models.municipality import Municipality


class PostcodeRange(models.Model):
    """A range of four-digit postcodes in a municipality (postcodegebied); approximate at the edges."""

    first = models.PositiveSmallIntegerField()
    last = models.PositiveSmallIntegerField()
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="postcode_ranges")
    # False: the postcode also reaches into this municipality.
    is_primary = models.BooleanField(default=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["first", "last"], name="postcode_range_by_digits")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="postcode_range_of_four_digits",
                condition=Q(first__gte=1000, last__lte=9999, first__lte=F("last")),
            ),
            models.UniqueConstraint(
                name="postcode_range_once_per_municipality", fields=["first", "last", "municipality"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"
