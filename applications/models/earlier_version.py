"""What stood in a draft before it was overwritten."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.enums import Part
from applications.models.application import Application
from calls.models import SectionSpec


class EarlierVersion(models.Model):
    """A text, the budget, or title and dates of a draft as they stood until something else was saved (eerdere versie).

    The database writes it when a version begins, and keeps the last 29 beside the one that stands, and the last of each
    person (rule 32). It goes with the draft, and when the draft is submitted.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="earlier_versions")
    part = models.CharField(max_length=12, choices=Part)
    # Of a text; empty for the other parts.
    spec = models.ForeignKey(SectionSpec, on_delete=models.PROTECT, null=True, related_name="+")
    # The optimistic version that stood.
    number = models.PositiveIntegerField()
    # As ``queries.versions`` reads it: the fields of the part, amounts and days as text.
    content = models.JSONField()
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # When the version was saved that was put back here.
    restored_from = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="earlier_version_of_a_known_part", condition=Q(part__in=sorted(Part.values))
            ),
            models.CheckConstraint(
                name="earlier_version_of_a_text_names_its_section",
                condition=Q(part=Part.SECTION, spec__isnull=False)
                | (~Q(part=Part.SECTION) & Q(spec__isnull=True)),
            ),
            models.UniqueConstraint(
                name="earlier_version_once_per_number",
                fields=["application", "part", "spec", "number"],
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.part} {self.number}"
