"""Reminders of deadlines: which were given, and which a person does not want."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.enums import ReminderKind
from applications.models.one_time_link import OneTimeLink
from calls.models import ReviewRound


class DeadlineReminder(models.Model):
    """That somebody was reminded of the deadline of a round (herinnering): once of each kind, also when it is shifted."""

    review_round = models.ForeignKey(ReviewRound, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=ReminderKind)
    # Who writes a draft, or the request that a partner has not answered.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="deadline_reminders"
    )
    link = models.ForeignKey(
        OneTimeLink, on_delete=models.CASCADE, null=True, related_name="deadline_reminders"
    )
    made_at = models.DateTimeField(_("made at"))
    # Not where the person does not want such mails, or had nothing left to submit.
    was_mailed = models.BooleanField(_("mailed"))

    class Meta:
        verbose_name = _("reminder of a deadline")
        verbose_name_plural = _("reminders of deadlines")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="deadline_reminder_to_a_writer_or_a_partner",
                condition=Q(user__isnull=False, link__isnull=True) | Q(user__isnull=True, link__isnull=False),
            ),
            models.UniqueConstraint(
                name="deadline_reminder_once_per_writer",
                fields=["user", "review_round", "kind"],
                condition=Q(user__isnull=False),
            ),
            models.UniqueConstraint(
                name="deadline_reminder_once_per_request",
                fields=["link", "review_round", "kind"],
                condition=Q(link__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of round {self.review_round_id}"


class MutedReminder(models.Model):
    """A kind of reminder that a person does not want; without such a row they get it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="muted_reminders"
    )
    kind = models.CharField(max_length=8, choices=ReminderKind)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="muted_reminder_once_per_kind", fields=["user", "kind"])
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"
