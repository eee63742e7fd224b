"""Requests to complete an application."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from completions.enums import CompletionState


class CompletionRequest(models.Model):
    """What the office asks once to complete of an application, in points, until a day (aanvulling; Awb 4:5).

    What was submitted stays as it was: what is added is read beside it (rule 42).
    """

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="completion")
    explanation = models.TextField(_("explanation"), blank=True)
    last_day = models.DateField(_("last day"), null=True)
    # Of what the office writes, until it asks.
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked on"), null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    # How many days before the last one the applicants were asked or reminded, the last time.
    reminded_days_before = models.PositiveSmallIntegerField(null=True)
    # Of what the applicants write, until they send it.
    answers_version = models.PositiveIntegerField(default=0)
    answers_saved_at = models.DateTimeField(null=True)
    answers_saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    sent_at = models.DateTimeField(_("completed on"), null=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    lapsed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("request to complete")
        verbose_name_plural = _("requests to complete")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="completion_asked_as_a_whole",
                condition=Q(asked_at=None, asked_by=None)
                | Q(asked_at__isnull=False, asked_by__isnull=False, last_day__isnull=False),
            ),
            models.CheckConstraint(
                name="completion_sent_after_it_was_asked",
                condition=Q(sent_at=None, sent_by=None)
                | Q(sent_by__isnull=False, sent_at__gte=F("asked_at"), asked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="completion_sent_or_lapsed",
                condition=Q(lapsed_at=None) | Q(sent_at=None, asked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="completion_answers_saved_as_a_whole",
                condition=Q(answers_version=0, answers_saved_at=None, answers_saved_by=None)
                | Q(answers_version__gt=0, answers_saved_at__isnull=False, answers_saved_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.state}"

    @property
    def state(self) -> CompletionState:
        """Return where it is."""
        if self.asked_at is None:
            return CompletionState.DRAFT
        if self.sent_at is not None:
            return CompletionState.SENT
        return CompletionState.OPEN if self.lapsed_at is None else CompletionState.LAPSED
