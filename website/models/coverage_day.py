"""How much of the country was covered on a day."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from website.enums import Covered


class CoverageDay(models.Model):
    """How many regions and inhabitants were covered in one way on one day (dekking), as everybody could see it then.

    Of what is public for a while only, such as an application whose round is undecided, nothing is kept: later it would
    tell what became of it (rule 26).
    """

    day = models.DateField()
    covered = models.CharField(max_length=10, choices=Covered)
    regions = models.PositiveIntegerField()
    inhabitants = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="coverage_day_once_per_way", fields=["day", "covered"]),
            models.CheckConstraint(
                name="coverage_day_in_a_known_way", condition=Q(covered__in=Covered.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.covered}"
