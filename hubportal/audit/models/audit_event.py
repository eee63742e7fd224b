"""Events."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """An event (gebeurtenis): ids and field names, never personal data.

    A trigger of the database refuses every change and removal.
    """

    happened_at = models.DateTimeField(_("moment"))
    # An id, not a foreign key: an event outlives the person it names.
    actor_id = models.BigIntegerField(_("person"), null=True)
    act = models.CharField(_("act"), max_length=80)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    facts = models.JSONField(_("facts"), default=dict)
    # Who did it steers what it is about: a trigger of ``applications`` keeps them while that can still be found.
    is_steering = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_event_by_subject"),
            models.Index(fields=["actor_id", "act", "happened_at"], name="audit_event_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.happened_at:%Y-%m-%d %H:%M:%S} {self.act} {self.subject_type} {self.subject_id}"
