"""Rows of an imported spreadsheet."""

from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from imports.enums import Choice, Fate, Outcome
from imports.models.map_import import MapImport
from mapping.enums import SameBy
from organisations.models import Organisation


class ImportRow(models.Model):
    """A row of a spreadsheet as it was read, what it turned out to be, and what came of it."""

    map_import = models.ForeignKey(MapImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells: Any = models.JSONField(default=list)
    fate = models.CharField(max_length=8, choices=Fate, blank=True)
    choice = models.PositiveSmallIntegerField(choices=Choice, null=True)
    # With "it is the same": what differs is replaced too.
    replaces = models.BooleanField(default=False)
    # What it may be, by what, and the optimistic version of that row of the map when it was compared.
    twin = models.ForeignKey(Organisation, on_delete=models.SET_NULL, null=True, related_name="+")
    twin_version = models.PositiveIntegerField(null=True)
    by = models.PositiveSmallIntegerField(choices=SameBy, null=True)
    # Or an earlier row of the same file.
    twin_number = models.PositiveIntegerField(null=True)
    # By what later rows are compared with this one.
    name_key = models.CharField(max_length=200, blank=True)
    kvk_number = models.CharField(max_length=8, blank=True)
    # What came of it: of which organisation, what it said before, and the version that this made.
    outcome = models.CharField(max_length=7, choices=Outcome, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.SET_NULL, null=True, related_name="+")
    before: Any = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    version_after = models.PositiveIntegerField(null=True)
    # The import was undone, and this row was not: somebody worked on it since, or had taken it off the map already.
    was_kept = models.BooleanField(default=False)
    was_off_map = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        constraints: ClassVar = [
            models.UniqueConstraint(name="import_row_once_per_number", fields=["map_import", "number"]),
            models.CheckConstraint(
                name="import_row_of_a_known_fate", condition=Q(fate__in=["", *sorted(Fate.values)])
            ),
            models.CheckConstraint(
                name="import_row_of_a_known_choice",
                condition=Q(choice=None) | Q(choice__in=sorted(Choice.values)),
            ),
            models.CheckConstraint(
                name="import_row_of_a_known_outcome", condition=Q(outcome__in=["", *sorted(Outcome.values)])
            ),
            models.CheckConstraint(
                name="import_row_kept_or_off_the_map", condition=Q(was_kept=False) | Q(was_off_map=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["map_import", "fate", "number"], name="import_row_by_fate"),
            models.Index(fields=["map_import", "name_key"], name="import_row_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.map_import_id}"
