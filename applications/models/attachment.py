"""Files that belong to an application."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from hubportal.documents.enums import ScanState


class Attachment(models.Model):
    """A PDF attached to an application (bijlage), known by its digest."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="attachments")
    title = models.CharField(_("name of the file"), max_length=150)
    # The key of a kind that the call asks for; empty for anything else.
    kind = models.CharField(_("kind"), max_length=40, blank=True, default="", db_default="")
    stored_as = models.CharField(max_length=120, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveIntegerField(editable=False)
    added_at = models.DateTimeField(editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    # No part of what partners agree to, nor of what is frozen.
    scan = models.CharField(
        max_length=10,
        choices=ScanState.choices,
        default=ScanState.UNCHECKED,
        db_default=ScanState.UNCHECKED,
        editable=False,
    )
    scanned_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="attachment_once_per_content", fields=["application", "sha256"]),
            models.CheckConstraint(
                name="attachment_has_its_digest", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="attachment_scanned_has_its_moment",
                condition=Q(scan=ScanState.UNCHECKED, scanned_at=None)
                | Q(scan__in=[ScanState.CLEAN, ScanState.INFECTED], scanned_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                "added_at",
                "id",
                name="attachment_to_scan",
                condition=Q(scan=ScanState.UNCHECKED),
            )
        ]

    def __str__(self) -> str:
        return self.title
