"""Copies of a draft as a file."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application


class DraftCopy(models.Model):
    """A draft as a PDF, with what was in it at the moment that somebody asked for it (afdruk van een concept).

    A job makes it. It goes with the draft: when that is submitted or discarded, and a few days after it was asked.
    """

    # It stands in addresses.
    key = models.UUIDField(unique=True, default=uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="copies")
    # Whether it names the project leader, as only who writes for the lead organisation sees in a draft (rule 37).
    with_people = models.BooleanField()
    # The SHA-256 of what was asked, and what was asked: canonical JSON, kept until the file is there.
    content_sha256 = models.CharField(max_length=64, editable=False)
    content = models.BinaryField(editable=False)
    asked_at = models.DateTimeField(_("asked on"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    made_at = models.DateTimeField(_("made on"), null=True, editable=False)
    # When it was found to take too long: it is not tried again.
    given_up_at = models.DateTimeField(null=True, editable=False)
    stored_as = models.CharField(max_length=120, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("copy of a draft")
        verbose_name_plural = _("copies of drafts")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="draft_copy_once_per_content",
                fields=["application", "with_people", "asked_by", "content_sha256"],
            ),
            models.CheckConstraint(
                name="draft_copy_of_what_was_asked_or_made",
                condition=(Q(made_at=None, given_up_at=None, stored_as="", sha256="") & ~Q(content=b""))
                | Q(made_at=None, given_up_at__isnull=False, stored_as="", sha256="", content=b"")
                | (
                    Q(given_up_at=None, made_at__isnull=False, content=b"", sha256__regex=r"^[0-9a-f]{64}$")
                    & ~Q(stored_as="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"copy of {self.application_id}"
