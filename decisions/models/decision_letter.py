"""Letters."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from decisions.models.decision import Decision
from hubportal.documents.models import Document
from hubportal.mail.models import OutgoingMail


class DecisionLetter(models.Model):
    """The letter of a decision (beschikking): released by a second person, made by a job, sent once (rule 19).

    Its row is written by the release, with all its words but the day of sending and what follows from it.
    """

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="letter")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("released by")
    )
    released_at = models.DateTimeField(_("released at"))
    content = models.BinaryField()
    content_sha256 = models.CharField(max_length=64)
    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, null=True, related_name="decision_letter"
    )
    dated_on = models.DateField(_("date of the letter"), null=True)
    # The mail to the lead organisation; its moment of sending is the letter's.
    mail = models.OneToOneField(
        OutgoingMail, on_delete=models.PROTECT, null=True, related_name="decision_letter"
    )
    sent_at = models.DateTimeField(_("sent at"), null=True)
    objection_deadline_on = models.DateField(_("last day to object"), null=True)

    class Meta:
        verbose_name = _("decision letter")
        verbose_name_plural = _("decision letters")
        indexes: ClassVar = [
            models.Index(
                fields=["released_at"], condition=Q(document=None), name="decision_letter_to_produce"
            ),
            models.Index(fields=["mail"], condition=Q(sent_at=None), name="decision_letter_being_sent"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="decision_letter_released_by_somebody_else", condition=~Q(released_by=F("recorded_by"))
            ),
            models.CheckConstraint(
                name="decision_letter_produced_whole",
                condition=Q(document=None, dated_on=None, mail=None, objection_deadline_on=None)
                | Q(
                    document__isnull=False,
                    dated_on__isnull=False,
                    mail__isnull=False,
                    objection_deadline_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="decision_letter_sent_only_when_produced",
                condition=Q(sent_at=None) | Q(document__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"letter of {self.decision_id}"
