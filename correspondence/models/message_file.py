"""Files that go with a message."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from correspondence.models.message import Message


class MessageFile(models.Model):
    """A PDF that goes with a message (bijlage), known by its digest."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="file")
    title = models.CharField(max_length=150)
    stored_as = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="message_file_has_its_digest", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            )
        ]

    def __str__(self) -> str:
        return self.title
