"""Rows that a report lists."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from retention.enums import RowOutcome
from retention.models.destruction_report import DestructionReport


class ListedRow(models.Model):
    """One row past its period, by number and without content, and what became of it.

    A trigger refuses every change of a row that was carried out.
    """

    report = models.ForeignKey(DestructionReport, on_delete=models.PROTECT, related_name="rows")
    row_id = models.BigIntegerField(_("number"))
    # From when its period counts; another moment later means that it changed.
    kept_since = models.DateTimeField(_("period counts from"))
    outcome = models.CharField(_("what became of it"), max_length=10, choices=RowOutcome, blank=True)
    done_at = models.DateTimeField(_("carried out at"), null=True)

    class Meta:
        verbose_name = _("listed row")
        verbose_name_plural = _("listed rows")
        ordering: ClassVar = ["kept_since", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["report"], condition=Q(outcome=""), name="listed_row_to_carry_out")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(name="listed_row_once_per_report", fields=["report", "row_id"]),
            models.CheckConstraint(
                name="listed_row_done_has_its_moment",
                condition=Q(outcome="", done_at=None)
                | Q(outcome__in=RowOutcome.values, done_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row_id} of {self.report_id}"
