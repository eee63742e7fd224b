"""Which regions a kwartiermaker maps."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from regions.models import Region


class KwartiermakerAssignment(models.Model):
    """A region assigned to a kwartiermaker (toewijzing)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="kwartiermaker_assignments"
    )
    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="kwartiermaker_assignments")
    since_on = models.DateField(_("since"))

    class Meta:
        verbose_name = _("assignment of a region")
        verbose_name_plural = _("assignments of regions")
        constraints: ClassVar = [
            models.UniqueConstraint(name="kwartiermaker_once_per_region", fields=["user", "region"])
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.region_id}"
