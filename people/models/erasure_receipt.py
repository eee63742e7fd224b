"""Receipts of erasures."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from people.enums import ErasureReason
from regions.models import Region


class ErasureReceipt(models.Model):
    """That somebody was erased, when and why (bewijs van wissen), without a trace of who; they have its code."""

    code = models.CharField(max_length=22, unique=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=ErasureReason)
    erased_at = models.DateTimeField()
    # Nobody where the person or the portal itself did it.
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="erasure_receipt_of_a_known_reason", condition=Q(reason__in=ErasureReason.values)
            ),
            models.CheckConstraint(
                name="erasure_receipt_chosen_by_a_kwartiermaker",
                condition=Q(reason__in=["asked", "mistake"], erased_by__isnull=False)
                | (~Q(reason__in=["asked", "mistake"]) & Q(erased_by=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.code
