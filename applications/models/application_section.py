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
    # With which number and since when the version that stands is written on, how many characters were taken out of it, and
    # when the version was saved that it puts back (rule 32).
    begun_with = models.PositiveIntegerField(default=0, db_default=0)
    begun_at = models.DateTimeField(null=True)
    taken_out = models.PositiveIntegerField(default=0, db_default=0)
    restored_from = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["spec__position"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="application_section_once_per_spec", fields=["application", "spec"])
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.spec_id}"
