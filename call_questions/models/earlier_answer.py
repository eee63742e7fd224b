"""What stood in a public answer before it was changed or taken back."""

from django.conf import settings
from django.db import models

from call_questions.models.call_answer import CallAnswer


class EarlierAnswer(models.Model):
    """A text that everybody could read until a moment: what was answered then is never lost, and only the office reads it."""

    of = models.ForeignKey(CallAnswer, on_delete=models.PROTECT, related_name="earlier")
    question = models.TextField()
    answer = models.TextField()
    # What stood there in place of the answer, where it was taken back by then.
    taken_back_because = models.TextField(blank=True, db_default="")
    until = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.of_id} until {self.until:%Y-%m-%d}"
