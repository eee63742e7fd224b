"""Points of a request to complete."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from completions.models.completion_request import CompletionRequest


class CompletionPoint(models.Model):
    """One thing that is asked (punt), and what the applicants answer to it."""

    request = models.ForeignKey(CompletionRequest, on_delete=models.CASCADE, related_name="points")
    number = models.PositiveSmallIntegerField()
    # The key of a section of the call, or of another part (completions.domain.parts); empty for none in particular.
    about = models.CharField(max_length=40, blank=True)
    question = models.TextField(_("question"))
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("point to complete")
        verbose_name_plural = _("points to complete")
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.CheckConstraint(name="completion_point_asks_something", condition=~Q(question="")),
            models.UniqueConstraint(name="completion_point_once_per_number", fields=["request", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.number}"
