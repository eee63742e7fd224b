"""What people who write a draft say to each other about it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from applications.enums import Part
from applications.models.application import Application
from calls.models import SectionSpec


class Comment(models.Model):
    """A remark about a text, the budget, or title and dates of a draft, or an answer to one (opmerking).

    It is no part of what is submitted: it goes with the draft, and when the draft is submitted.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="comments")
    part = models.CharField(max_length=12, choices=Part)
    # Of a text; empty for the other parts.
    spec = models.ForeignKey(SectionSpec, on_delete=models.PROTECT, null=True, related_name="+")
    # The remark that this one answers.
    thread = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="answers")
    # What the paragraph or the line said; empty where the remark is about the whole part.
    quoted = models.TextField(blank=True)
    # Empty once it was deleted.
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    # A key of the page that it was sent from: a second click adds nothing.
    added_with = models.UUIDField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="comment_on_a_known_part", condition=Q(part__in=sorted(Part.values))),
            models.CheckConstraint(
                name="comment_on_a_text_names_its_section",
                condition=Q(part=Part.SECTION, spec__isnull=False)
                | (~Q(part=Part.SECTION) & Q(spec__isnull=True)),
            ),
            models.CheckConstraint(
                name="comment_says_something_until_deleted",
                condition=Q(deleted_at=None) & ~Q(text="") | Q(deleted_at__isnull=False, text=""),
            ),
            models.CheckConstraint(
                name="comment_resolved_by_somebody",
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="comment_answer_quotes_and_resolves_nothing",
                condition=Q(thread=None) | (Q(quoted="", resolved_at=None) & ~Q(thread=F("id"))),
            ),
            models.UniqueConstraint(name="comment_sent_once", fields=["application", "added_with"]),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.part} {self.pk}"
