"""Who reviews what."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from reviews.enums import AssignmentEnd


class Assignment(models.Model):
    """An application assigned to a reviewer (toewijzing)."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments"
    )
    assigned_at = models.DateTimeField(_("assigned at"))
    # Ended before its time; another reviewer takes the place.
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_because = models.CharField(
        _("ended because of"), max_length=8, choices=AssignmentEnd, blank=True, default="", db_default=""
    )
    # The reason of the office, where it gave or ended the assignment by hand.
    explanation = models.TextField(_("reason"), max_length=1000, blank=True, default="", db_default="")
    # As of its review; here so that an index has what waits for a reviewer in front.
    completed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints: ClassVar = [
            models.UniqueConstraint(name="assignment_once_per_reviewer", fields=["application", "reviewer"]),
            models.CheckConstraint(
                name="assignment_ended_for_a_reason",
                condition=Q(ended_at=None, ended_because="")
                | (Q(ended_at__isnull=False) & ~Q(ended_because="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                "reviewer",
                F("completed_at").asc(nulls_first=True),
                "assigned_at",
                "id",
                condition=Q(ended_at=None),
                name="assignment_open_by_reviewer",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reviewer_id} reviews {self.application_id}"
