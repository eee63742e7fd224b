"""Questions of the region that an application takes up."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from applications.models.application import Application
from calls.models import SectionSpec
from mapping.models import ParticipationQuestion


class SectionGoal(models.Model):
    """A public question of the region whose text was put into a section, so that the coalition works on it (doel).

    It says where the text came from; the text itself is the section's, and is changed there.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="goals")
    spec = models.ForeignKey(SectionSpec, on_delete=models.PROTECT, related_name="+")
    question = models.ForeignKey(ParticipationQuestion, on_delete=models.CASCADE, related_name="+")
    # As it was put in, by which it is found there again.
    text = models.CharField(max_length=200)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="section_goal_once_per_question", fields=["application", "spec", "question"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.question_id}"
