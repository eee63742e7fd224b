"""Imports of a spreadsheet."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from imports.enums import Failure, ImportState, Refusal
from regions.models import Region


class MapImport(models.Model):
    """A spreadsheet that somebody puts on the map of a region (import): its file, its columns, and how far it is."""

    # What the page chose: it stands in addresses, and a second click makes no second one.
    key = models.UUIDField(unique=True, editable=False)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="imports")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="map_imports", editable=False
    )
    created_at = models.DateTimeField(_("begun on"))
    # What the file is called; empty where the cells were pasted.
    title = models.CharField(_("file"), max_length=200, blank=True)
    # Until it is read: its rows are kept after that.
    content = models.BinaryField(default=b"")
    # How it was read: the kind of file, its encoding and separator, or the sheet.
    read_as = models.CharField(max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=ImportState, default=ImportState.READING)
    # Since when it is in that state, or was last worked on.
    state_at = models.DateTimeField(_("last worked on"))
    failure = models.CharField(max_length=9, choices=Failure, blank=True)
    # Why it could not be put on the map while nobody waited for it: told to its maker alone, and gone once it is taken.
    refusal = models.TextField(choices=Refusal, blank=True)
    # The number of the row that it is about, if it is about one.
    refused_row = models.PositiveIntegerField(null=True)
    # Who asked to undo it, while that is being done.
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    # The number of the row with the headings: that one, and what stands above it, is no organisation. 0 without headings.
    heading_number = models.PositiveSmallIntegerField(default=0)
    # For each column of the file the field that it fills, or nothing.
    columns: Any = models.JSONField(default=list)
    # What its maker said that words mean which are not in our lists: by field and key of the word, the code of one that is.
    meanings: Any = models.JSONField(default=dict, db_default={})
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="import_in_a_known_state", condition=Q(state__in=sorted(ImportState.values))
            ),
            models.CheckConstraint(
                name="import_failed_for_a_reason",
                condition=Q(state=ImportState.FAILED, failure__in=sorted(Failure.values))
                | (~Q(state=ImportState.FAILED) & Q(failure="")),
            ),
            models.CheckConstraint(
                name="import_keeps_its_file_until_it_is_read",
                condition=Q(state=ImportState.READING) | Q(content=b""),
            ),
            models.CheckConstraint(
                name="import_refused_only_before_it_is_taken",
                condition=Q(refusal="")
                | Q(state__in=[ImportState.CHECKING, ImportState.DECIDING, ImportState.TAKING]),
            ),
            models.CheckConstraint(
                name="import_refused_for_a_known_reason",
                condition=Q(refusal__in=["", *sorted(Refusal.values)]),
            ),
            models.CheckConstraint(
                name="import_undone_by_somebody_while_it_is_undone",
                condition=Q(undone_by=None) | Q(state=ImportState.UNDOING),
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)

    @property
    def refusal_in_words(self) -> str:
        """Return why it did not come on the map, in the language of the reader."""
        return refusal_in_words(Refusal(self.refusal), self.refused_row)


def refusal_in_words(refusal: Refusal, row: int | None) -> str:
    """Return why rows did not come on the map, with the number of the row that it is about, in the language of the reader."""
    if row is None:
        return str(refusal.label)
    return gettext("Row %(number)s: %(reason)s") % {"number": row, "reason": refusal.label}
