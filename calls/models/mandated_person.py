"""Who may decide in the name of the administrative organ."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from calls.models.call import Call


class MandatedPerson(models.Model):
    """Somebody who decides and signs in the name of the administrative organ of a call (gemandateerde; Awb 10:3 and 10:10)."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="mandated")
    name = models.CharField(_("name"), max_length=120)
    function = models.CharField(_("function"), max_length=120)
    valid_from = models.DateField(_("in force from"))
    # The last day; empty while the mandate goes on.
    valid_until = models.DateField(_("in force until"), null=True, blank=True)
    # Empty: any amount.
    up_to = models.DecimalField(
        _("up to what amount"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    provisional = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        verbose_name = _("mandated person")
        verbose_name_plural = _("mandated people")
        ordering: ClassVar = ["valid_from", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="mandate_lasts_a_day_or_more",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.function}"
