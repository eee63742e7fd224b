"""What the kwartiermakers of one region keep of an organisation."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mapping.enums import TalkState
from organisations.models import Organisation
from regions.models import Region


class MapEntry(models.Model):
    """The talk with an organisation in one region; the facts of the organisation are shared by all regions.

    There is none where nothing was written down yet.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="map_entries")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="map_entries")
    talk = models.CharField(_("the talk"), max_length=9, choices=TalkState, blank=True)
    next_on = models.DateField(_("next date"), null=True, blank=True)
    notes = models.TextField(_("notes"), max_length=3000, blank=True)
    # The optimistic version, and who wrote it last.
    version = models.PositiveIntegerField(default=0, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    changed_at = models.DateTimeField(null=True, editable=False)
    # Since when it is off the map of the region, and whether that made it no longer public. It can be put back for some
    # days; after those all that the region kept is gone, and where its seat is there, this row says that it stays off.
    removed_at = models.DateTimeField(_("taken off the map on"), null=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    was_public = models.BooleanField(default=False, db_default=False, editable=False)
    emptied_at = models.DateTimeField(null=True, editable=False)
    # What the page chose when the row was added: a second click with the same adds nothing.
    added_with = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("organisation in a region")
        verbose_name_plural = _("organisations in regions")
        constraints: ClassVar = [
            models.UniqueConstraint(name="map_entry_once_per_region", fields=["organisation", "region"]),
            models.CheckConstraint(
                name="map_entry_emptied_keeps_no_talk",
                condition=Q(emptied_at=None)
                | Q(removed_at__isnull=False, talk="", next_on=None, notes="", was_public=False),
            ),
            models.UniqueConstraint(name="map_entry_added_once", fields=["region", "added_with"]),
            models.CheckConstraint(
                name="map_entry_of_a_known_talk_state", condition=Q(talk__in=["", *TalkState.values])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.region_id}"
