"""What the kwartiermakers of a region write beside its pictures."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from regions.models import Region


class RegionalText(models.Model):
    """The text of a regional picture (regiobeeld) as it is being written, and its sources; there is none before the first save."""

    region = models.OneToOneField(Region, on_delete=models.PROTECT, related_name="regional_text")
    text = models.TextField(_("text"), max_length=20_000, blank=True)
    sources = models.TextField(_("sources"), max_length=5000, blank=True)
    # When the last who wrote it began: what one person writes in one stretch is one version.
    begun_at = models.DateTimeField(null=True, editable=False)
    # The optimistic version, and who wrote it last.
    version = models.PositiveIntegerField(default=0, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    changed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("text of a regional picture")
        verbose_name_plural = _("texts of regional pictures")

    def __str__(self) -> str:
        return f"text of {self.region_id}"
