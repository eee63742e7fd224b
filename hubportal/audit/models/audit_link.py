"""The chain over the events: batches, each hashed with the one before it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hubportal.audit.models.audit_event import AuditEvent


class AuditBatch(models.Model):
    """A link of the chain: the events of one sweep and the digest of the link before."""

    number = models.BigIntegerField(unique=True)
    linked_at = models.DateTimeField(_("linked at"))
    events = models.IntegerField(_("number of events"))
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("link of the chain")
        verbose_name_plural = _("links of the chain")
        constraints: ClassVar = [
            # One successor each: two sweeps at once cannot fork the chain.
            models.UniqueConstraint(name="audit_chain_does_not_fork", fields=["previous_digest"]),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.digest[:12]}"


class AuditLink(models.Model):
    """The place of one event in the chain."""

    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, primary_key=True, related_name="link")
    batch = models.ForeignKey(AuditBatch, on_delete=models.PROTECT, related_name="links")

    def __str__(self) -> str:
        return f"{self.event_id} in {self.batch_id}"
