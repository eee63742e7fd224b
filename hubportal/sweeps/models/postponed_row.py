"""Postponed rows."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PostponedRow(models.Model):
    """A row that a sweep failed on (uitgesteld werk): attempts, reason and next attempt.

    A row of its own: the transaction that failed is undone, and a table that two sweeps serve needs two of these.
    """

    sweep = models.CharField(_("job"), max_length=60)
    row_id = models.BigIntegerField(_("row"))
    attempts = models.PositiveIntegerField(_("attempts"))
    reason = models.CharField(_("reason"), max_length=300)
    first_failed_at = models.DateTimeField(_("first failed at"))
    failed_at = models.DateTimeField(_("last failed at"))
    next_attempt_at = models.DateTimeField(_("next attempt at"))

    class Meta:
        verbose_name = _("postponed work")
        verbose_name_plural = _("postponed work")
        indexes: ClassVar = [models.Index(fields=["sweep", "next_attempt_at"], name="postponed_row_by_sweep")]
        constraints: ClassVar = [
            models.UniqueConstraint(name="postponed_row_once_per_sweep", fields=["sweep", "row_id"]),
            models.CheckConstraint(
                name="postponed_row_failed_at_least_once",
                condition=Q(attempts__gte=1, failed_at__gte=F("first_failed_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sweep} {self.row_id}"
