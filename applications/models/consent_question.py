"""Questions of partners who are asked to agree."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from coalitions.models import Participation


class ConsentQuestion(models.Model):
    """What a partner asks the lead before it agrees or declines, with the answer (vraag bij een instemming).

    It changes nothing of the consent, which stays open. It goes with the draft, and when the draft is submitted.
    """

    # What the page chose: it stands in addresses, and a second click asks nothing.
    key = models.UUIDField(unique=True)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="consent_questions")
    participation = models.ForeignKey(
        Participation, on_delete=models.PROTECT, related_name="consent_questions"
    )
    # Through the mailed link or an account: who, and at which address the answer comes.
    name = models.CharField(_("asked by"), max_length=150)
    email = models.EmailField(max_length=254)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    text = models.TextField(_("question"), max_length=1000)
    asked_at = models.DateTimeField(_("asked on"))
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("question of a partner")
        verbose_name_plural = _("questions of partners")
        ordering: ClassVar = ["asked_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="consent_question_asks_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="consent_question_answered_by_somebody",
                condition=Q(answer="", answered_at=None, answered_by=None)
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
            ),
        ]

    def __str__(self) -> str:
        return f"question of {self.participation_id} about {self.application_id}"
