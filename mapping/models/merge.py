"""Two organisations of the map that turned out to be one."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation
from regions.models import Region


class Merge(models.Model):
    """A merge (samenvoeging): which organisation stayed on the map, which one went off it, and what stood there before.

    For as long as it can be undone. The other one keeps its number, and all that refers to it by that.
    """

    kept = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="merges")
    gone = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    before: Any = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    merged_at = models.DateTimeField(_("merged on"))
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("merge of organisations")
        verbose_name_plural = _("merges of organisations")
        constraints: ClassVar = [
            models.UniqueConstraint(name="merge_once_per_organisation_that_went", fields=["gone"]),
            models.CheckConstraint(name="merge_of_two_organisations", condition=~Q(kept=F("gone"))),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} into {self.kept_id}"
