"""Who does what for a draft, and by when."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application


class Task(models.Model):
    """Something that somebody in the room of a draft does by a day (taak).

    It is no part of what is submitted: it goes with the draft, and when the draft is submitted.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="tasks")
    what = models.CharField(max_length=200)
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tasks")
    due_on = models.DateField()
    version = models.PositiveIntegerField(default=1)
    # A key of the page that it was sent from: a second click adds nothing.
    added_with = models.UUIDField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints: ClassVar = [
            models.CheckConstraint(name="task_says_what", condition=~Q(what="")),
            models.CheckConstraint(
                name="task_done_by_somebody",
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
            ),
            models.CheckConstraint(
                name="task_changed_by_somebody",
                condition=Q(changed_at=None, changed_by=None)
                | Q(changed_at__isnull=False, changed_by__isnull=False),
            ),
            models.UniqueConstraint(name="task_sent_once", fields=["application", "added_with"]),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.pk}"
