"""Who speaks for an organisation in the portal."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models.organisation import Organisation


class Representative(models.Model):
    """A person with an account who acts for an organisation (vertegenwoordiger)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="representatives")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="representations"
    )
    since_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("representative")
        verbose_name_plural = _("representatives")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="representative_once_per_organisation", fields=["organisation", "user"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.organisation_id}"
