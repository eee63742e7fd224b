"""How visitors can reach the kwartiermaker of a region."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from regions.models import Region


class PublicContact(models.Model):
    """How visitors reach a kwartiermaker who chose to show it (openbaar contact); without a row nothing is shown.

    Shown only while that person maps the region.
    """

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="public_contacts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=150)
    phone = models.CharField(_("telephone"), max_length=40)
    hours = models.CharField(_("when you can be called"), max_length=150, blank=True)
    shown_at = models.DateTimeField()

    class Meta:
        verbose_name = _("contact of a kwartiermaker")
        verbose_name_plural = _("contacts of kwartiermakers")
        constraints: ClassVar = [
            models.UniqueConstraint(name="public_contact_once_per_region", fields=["region", "user"])
        ]

    def __str__(self) -> str:
        return f"contact of {self.user_id} in {self.region_id}"
