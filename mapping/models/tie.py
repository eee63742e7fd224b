"""What joins two organisations of the map."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mapping.enums import TieKind
from organisations.models import Organisation


class Tie(models.Model):
    """A tie (band) from one organisation to another, such as a client council to the hospital that it is of."""

    one = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="ties")
    other = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="ties_from_others")
    kind = models.CharField(_("kind of tie"), max_length=10, choices=TieKind)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("tie between organisations")
        verbose_name_plural = _("ties between organisations")
        constraints: ClassVar = [
            models.UniqueConstraint(name="tie_once_per_kind", fields=["one", "other", "kind"]),
            models.UniqueConstraint(
                name="tie_to_one_host", fields=["one"], condition=Q(kind=TieKind.PART_OF)
            ),
            models.CheckConstraint(name="tie_of_two_organisations", condition=~Q(one=F("other"))),
            models.CheckConstraint(name="tie_of_a_known_kind", condition=Q(kind__in=TieKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.kind} {self.other_id}"

    @property
    def joins_worlds(self) -> bool:
        """Tell whether it joins lifeworld and system world."""
        return bool(self.one.role and self.other.role) and self.one.role != self.other.role
