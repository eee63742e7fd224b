"""What partners agreed to."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.enums import ConsentAnswer
from applications.models.application import Application
from applications.models.one_time_link import OneTimeLink
from coalitions.models import Participation


class Consent(models.Model):
    """The answer of a partner to exactly this text and this share of the budget (instemming, rule 9)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="consents")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="consents")
    answer = models.CharField(_("answer"), max_length=8, choices=ConsentAnswer)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    given_by_name = models.CharField(_("given by"), max_length=150)
    # One of the two says how it was given.
    link = models.OneToOneField(OneTimeLink, on_delete=models.PROTECT, null=True, related_name="consent")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    text_digest = models.CharField(max_length=64)
    share_digest = models.CharField(max_length=64)
    answered_at = models.DateTimeField(_("answered at"))

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering: ClassVar = ["-answered_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="consent_given_by_link_or_account",
                condition=Q(link__isnull=False) | Q(user__isnull=False),
            ),
            models.CheckConstraint(
                name="consent_declined_with_a_reason", condition=Q(answer="given") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation_id}: {self.answer}"
