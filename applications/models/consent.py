"""What partners agreed to."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from applications.enums import ConsentAnswer
from applications.models.application import Application
from applications.models.one_time_link import OneTimeLink
from coalitions.models import Participation
from hubportal.kernel.mailboxes import mailbox


def _sha256(field: str) -> Func:
    return Func(F(field), template="encode(sha256(%(expressions)s), 'hex')", output_field=models.CharField())


class Consent(models.Model):
    """The answer of a partner to exactly this text and this share of the budget (instemming, rule 9)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="consents")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="consents")
    answer = models.CharField(_("answer"), max_length=8, choices=ConsentAnswer)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    given_by_name = models.CharField(_("given by"), max_length=150)
    # As they typed it; empty of what was answered before it was asked.
    given_by_function = models.CharField(_("function"), max_length=100, blank=True, default="", db_default="")
    # One of the two says how it was given.
    link = models.OneToOneField(OneTimeLink, on_delete=models.PROTECT, null=True, related_name="consent")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    # Whose account it was where it came through the link: who was logged in, else who had confirmed that mailbox. They agreed for
    # this partner and for no other, also under another address since (rules 8 and 28).
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    text_digest = models.CharField(max_length=64)
    share_digest = models.CharField(max_length=64)
    answered_at = models.DateTimeField(_("answered at"))
    # What was answered to, whose digests these are, and the words of the consent; of earlier answers nothing was kept.
    agreed_text = models.BinaryField(null=True, editable=False)
    agreed_share = models.BinaryField(null=True, editable=False)
    agreed_words = models.TextField(blank=True, default="", db_default="", editable=False)
    # Of a yes: the copy for who gave it, made by a job.
    copied_at = models.DateTimeField(null=True, editable=False)
    copy_stored_as = models.CharField(max_length=120, blank=True, default="", db_default="", editable=False)
    copy_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering: ClassVar = ["-answered_at", "-pk"]
        indexes: ClassVar = [
            models.Index(
                "answered_at",
                "id",
                name="consent_to_copy",
                condition=Q(answer=ConsentAnswer.GIVEN, copied_at=None, agreed_text__isnull=False),
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="consent_keeps_what_was_agreed",
                condition=Q(agreed_text=None, agreed_share=None)
                | Q(
                    agreed_text__isnull=False,
                    agreed_share__isnull=False,
                    text_digest=_sha256("agreed_text"),
                    share_digest=_sha256("agreed_share"),
                ),
            ),
            models.CheckConstraint(
                name="consent_copied_when_given",
                condition=Q(copied_at=None, copy_stored_as="", copy_sha256="")
                | (
                    Q(answer=ConsentAnswer.GIVEN, copied_at__isnull=False)
                    & Q(agreed_text__isnull=False, copy_sha256__regex=r"^[0-9a-f]{64}$")
                    & ~Q(copy_stored_as="")
                ),
            ),
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

    def came_by(self) -> frozenset[str]:
        """Return the mailboxes by which it came: that of the link or the account, and that of who was logged in (rule 28)."""
        who = (self.link, self.user, self.reader)
        return frozenset(mailbox(each.email) for each in who if each is not None)

    @property
    def given_as(self) -> str:
        """Return who gave it, with their function where it was asked."""
        return (
            f"{self.given_by_name} ({self.given_by_function})"
            if self.given_by_function
            else self.given_by_name
        )
