"""What a kwartiermaker says to the office of who speaks for an organisation."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisations.models.representative import Representative


class Recommendation(models.Model):
    """The word of a kwartiermaker on somebody who says that they speak for an organisation (aanbeveling, rule 27).

    It opens nothing by itself: the programme office reads it with its reason, and settles.
    """

    representative = models.ForeignKey(
        Representative, on_delete=models.PROTECT, related_name="recommendations"
    )
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    is_right = models.BooleanField(_("recommended"))
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering: ClassVar = ["given_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="recommendation_once_per_kwartiermaker", fields=["representative", "given_by"]
            ),
            models.CheckConstraint(name="recommendation_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.given_by_id} on {self.representative_id}"
