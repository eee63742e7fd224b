"""Coalitions."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation
from regions.models import Region


class Coalition(models.Model):
    """Organisations that want to build a hub in one region together (coalitie)."""

    name = models.CharField(_("name of the coalition"), max_length=120)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="coalitions", verbose_name=_("region")
    )
    lead_organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="led_coalitions",
        verbose_name=_("lead organisation"),
    )
    # As its place has it: lists read it without asking who takes part.
    lead_name = models.CharField(
        _("lead organisation"), max_length=150, default="", db_default="", editable=False
    )
    # When that or the name was last corrected: who agreed before to an application of another name agrees anew (rule 9).
    lead_named_at = models.DateTimeField(null=True, editable=False)
    # Since when the present lead has it from another organisation; empty while it is the one that began it (rule 44).
    lead_taken_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    # When somebody joined, left or got another contact person; empty where that was before it was kept.
    changed_at = models.DateTimeField(null=True, editable=False)
    # The coalition's own choice, which it can take back: that it is being formed is public (rule 26).
    is_shown = models.BooleanField(_("shown on the map"), default=False, db_default=False)
    organisations = models.ManyToManyField(Organisation, through="Participation", related_name="coalitions")

    class Meta:
        verbose_name = _("coalition")
        verbose_name_plural = _("coalitions")
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            # A double click on "start" makes one coalition; what somebody else started keeps to itself that it is there.
            models.UniqueConstraint(
                name="coalition_once_per_name_and_starter",
                fields=["region", "lead_organisation", "name", "created_by"],
            )
        ]

    def __str__(self) -> str:
        return self.name
