"""Mails that people had the portal send."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class AskedMail(models.Model):
    """A mail that a person had the portal send to an address of their choice (gevraagde mail).

    What it was about can be removed again; this stays, so that the limits of a day count it. Only the digest of the
    mailbox is kept.
    """

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    mailbox_digest = models.CharField(max_length=64)
    asked_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["asked_by", "asked_at"], name="asked_mail_of_a_day")]

    def __str__(self) -> str:
        return f"asked by {self.asked_by_id}"
