"""Earlier versions of what the kwartiermakers of a region wrote beside its pictures."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from regions.models import Region


class EarlierText(models.Model):
    """The text of a regional picture as somebody left it, before it was changed by another person or at another time."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="earlier_regional_texts")
    # The optimistic version that it was, which stands in its address.
    version = models.PositiveIntegerField()
    text = models.TextField(_("text"), max_length=20_000, blank=True)
    sources = models.TextField(_("sources"), max_length=5000, blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    saved_at = models.DateTimeField(_("saved on"))

    class Meta:
        verbose_name = _("earlier text of a regional picture")
        verbose_name_plural = _("earlier texts of regional pictures")
        constraints: ClassVar = [
            models.UniqueConstraint(name="earlier_text_once_per_version", fields=["region", "version"]),
        ]

    def __str__(self) -> str:
        return f"version {self.version} of {self.region_id}"
