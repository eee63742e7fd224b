"""The offset of the demo's clock."""

from typing import ClassVar

from django.db import models


class ClockOffset(models.Model):
    """The one offset that web, worker and beat share (verzette klok)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    offset = models.DurationField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="clock_offset_is_one", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return str(self.offset)
