"""Retention periods."""

from datetime import datetime
from typing import ClassVar

from dateutil.relativedelta import relativedelta
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.enums import UNDO_DAYS
from retention.enums import ERASED_AT_ONCE, CountsFrom, DataKind, Unit


class RetentionPeriod(models.Model):
    """How long one kind of data is kept (bewaartermijn), entirely data: the privacy page and the job read the same row."""

    kind = models.CharField(_("kind of data"), max_length=24, choices=DataKind, unique=True)
    position = models.PositiveSmallIntegerField(_("place in the list"))
    # Without a length it is kept for good.
    length = models.PositiveSmallIntegerField(_("length"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=5, choices=Unit, default=Unit.DAYS)
    counts_from = models.CharField(_("counts from"), max_length=16, choices=CountsFrom)
    # In Dutch always: it names a law or a selection list.
    basis = models.CharField(_("legal basis"), max_length=300)
    is_provisional = models.BooleanField(_("provisional"), default=True)
    # When the job last looked whether anything of it is past its period.
    looked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("retention period")
        verbose_name_plural = _("retention periods")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="retention_period_of_a_known_kind", condition=Q(kind__in=DataKind.values)
            ),
            models.CheckConstraint(
                name="retention_period_of_a_day_or_more", condition=Q(length=None) | Q(length__gte=1)
            ),
            # Two people approve what goes: they cannot see that its applicant may still put it back.
            models.CheckConstraint(
                name="retention_period_leaves_time_to_put_a_draft_back",
                condition=~Q(kind=DataKind.DISCARDED_DRAFTS, unit=Unit.DAYS)
                | Q(length=None)
                | Q(length__gte=UNDO_DAYS),
            ),
            # A consent without an end is none.
            models.CheckConstraint(
                name="retention_period_of_people_ends",
                condition=~Q(kind__in=["people", "asked_people", "resident_messages", "followers"])
                | Q(length__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def is_erased_at_once(self) -> bool:
        """Tell whether the portal erases it by itself when its period is over, or the person asks."""
        return self.kind in ERASED_AT_ONCE

    def over_at(self, began: datetime) -> datetime | None:
        """Return when a period that begins at a moment is over; ``None`` for what is kept for good."""
        return None if self.length is None else began + self._length()

    def began_before(self, moment: datetime) -> datetime | None:
        """Return the moment before which a period must have begun to be over now; ``None`` for what is kept for good."""
        if self.length is None:
            return None
        return moment - self._length()

    def _length(self) -> relativedelta:
        length = self.length or 0
        return relativedelta(years=length) if self.unit == Unit.YEARS else relativedelta(days=length)
