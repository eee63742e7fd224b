"""Proof of receipt."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from hubportal.documents.models import Document


class Receipt(models.Model):
    """The confirmation that an application was received (ontvangstbevestiging, Awb 4:3a).

    The row is written with the submission; a job makes its PDF and mails it.
    """

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="receipt")
    made_at = models.DateTimeField(_("received at"))
    document = models.OneToOneField(Document, on_delete=models.PROTECT, null=True, related_name="receipt")
    produced_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        indexes: ClassVar = [
            models.Index(fields=["made_at"], condition=Q(document=None), name="receipt_awaiting_pdf")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="receipt_produced_with_its_document",
                condition=Q(document__isnull=True, produced_at__isnull=True)
                | Q(document__isnull=False, produced_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"receipt of {self.application_id}"
