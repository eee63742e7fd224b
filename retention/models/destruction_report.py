"""Reports of what is past its retention period."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from retention.enums import CountsFrom, DataKind, Method, Unit


class DestructionReport(models.Model):
    """What of one kind is past its period (vernietigingslijst), and after destruction the declaration of it.

    The period and its basis are those of the day on which it was made. A trigger refuses every change once it is closed.
    """

    kind = models.CharField(_("kind of data"), max_length=24, choices=DataKind)
    length = models.PositiveSmallIntegerField(_("length"))
    unit = models.CharField(_("unit"), max_length=5, choices=Unit)
    counts_from = models.CharField(_("counts from"), max_length=16, choices=CountsFrom)
    basis = models.CharField(_("legal basis"), max_length=300)
    method = models.CharField(_("how"), max_length=10, choices=Method)
    made_at = models.DateTimeField(_("listed at"))
    listed = models.PositiveIntegerField(_("listed"))
    oldest_since = models.DateTimeField(_("oldest"))

    first_approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    first_approved_at = models.DateTimeField(_("approved at"), null=True)
    second_approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    second_approved_at = models.DateTimeField(_("approved by a second person at"), null=True)
    destroys_from = models.DateTimeField(_("destroyed from"), null=True)

    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    taken_back_reason = models.CharField(_("reason"), max_length=500, blank=True)

    destroyed = models.PositiveIntegerField(_("destroyed"), null=True)
    kept = models.PositiveIntegerField(_("kept"), null=True)
    # Taken back, or declared to be carried out.
    closed_at = models.DateTimeField(_("closed at"), null=True)

    class Meta:
        verbose_name = _("destruction report")
        verbose_name_plural = _("destruction reports")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="destruction_report_open_once_per_kind", fields=["kind"], condition=Q(closed_at=None)
            ),
            models.CheckConstraint(
                name="destruction_report_approved_by_two", condition=~Q(second_approver=F("first_approver"))
            ),
            models.CheckConstraint(
                name="destruction_report_approved_in_order",
                condition=Q(first_approver=None, first_approved_at=None, second_approver=None)
                | Q(first_approver__isnull=False, first_approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="destruction_report_waits_after_approval",
                condition=Q(second_approver=None, second_approved_at=None, destroys_from=None)
                | Q(
                    second_approver__isnull=False,
                    second_approved_at__isnull=False,
                    destroys_from__isnull=False,
                    destroys_from__gt=F("second_approved_at"),
                ),
            ),
            models.CheckConstraint(
                name="destruction_report_taken_back_with_a_reason",
                condition=Q(taken_back_by=None, taken_back_reason="")
                | (Q(taken_back_by__isnull=False, destroyed=None) & ~Q(taken_back_reason="")),
            ),
            models.CheckConstraint(
                name="destruction_report_declared_after_its_wait",
                condition=Q(destroyed=None, kept=None)
                | Q(
                    destroyed__isnull=False,
                    kept__isnull=False,
                    closed_at__isnull=False,
                    destroys_from__isnull=False,
                    closed_at__gte=F("destroys_from"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
