"""Files that go with an answer."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from completions.models.completion_point import CompletionPoint


class CompletionFile(models.Model):
    """A PDF that goes with the answer to a point (bijlage), known by its digest."""

    point = models.ForeignKey(CompletionPoint, on_delete=models.CASCADE, related_name="files")
    title = models.CharField(max_length=150)
    stored_as = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("file with an answer")
        verbose_name_plural = _("files with answers")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="completion_file_has_its_digest", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.UniqueConstraint(name="completion_file_once_per_point", fields=["point", "sha256"]),
        ]

    def __str__(self) -> str:
        return self.title
