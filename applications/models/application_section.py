"""The texts of an application."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from applications.models.application import Application
from calls.models import SectionSpec


class ApplicationSection(models.Model):
    """What an application answers to one section of its call (onderdeel)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="sections")
    spec = models.ForeignKey(SectionSpec, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["spec__position"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="application_section_once_per_spec", fields=["application", "spec"])
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.spec_id}"
