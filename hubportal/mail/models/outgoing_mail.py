"""The outbox."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hubportal.mail.enums import MailStatus, kind_in_words


class OutgoingMail(models.Model):
    """A mail to one person (uitgaande mail), claimed before it is sent and never resent automatically (rule 25)."""

    kind = models.CharField(_("kind"), max_length=80)
    recipient = models.EmailField(_("to"), max_length=254)
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("text"))
    language = models.CharField(max_length=5, default="nl")
    # What the mail is about, for the office: a reference, never a person.
    about = models.CharField(_("about"), max_length=60, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=MailStatus, default=MailStatus.QUEUED)
    queued_at = models.DateTimeField(_("written at"))
    due_at = models.DateTimeField(_("due at"))
    # From this moment on it is not sent any more: what it brings holds for its day alone (rule 34).
    send_before = models.DateTimeField(_("send before"), null=True)
    claimed_at = models.DateTimeField(_("claimed at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    # In its envelope and its Message-ID, drawn anew each time: who shows it had this mail in hand (rule 34).
    return_token = models.CharField(max_length=32, unique=True, null=True)
    # What the mail server said when it took the mail: the proof of handing over.
    answer = models.CharField(_("answer of the mail server"), max_length=300, blank=True, db_default="")
    bounced_at = models.DateTimeField(_("came back at"), null=True)
    # Where its reader stops such mails, by hand or by the mail program itself (RFC 2369 and 8058); none for most.
    unsubscribe_address = models.CharField(max_length=300, blank=True, db_default="")
    # Who reads an answer to it; none for most, which nobody can answer.
    reply_to = models.EmailField(max_length=254, blank=True, db_default="")
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    problem = models.CharField(_("problem"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(status="queued"), name="outgoing_mail_due"),
            models.Index(fields=["claimed_at"], condition=Q(status="claimed"), name="outgoing_mail_claimed"),
            models.Index(fields=["about"], name="outgoing_mail_about"),
            models.Index(
                fields=["status"],
                condition=Q(status__in=["failed", "uncertain"]),
                name="outgoing_mail_to_settle",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="outgoing_mail_sent_has_its_moment",
                condition=~Q(status="sent") | Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="outgoing_mail_claimed_has_its_moment",
                condition=~Q(status="claimed") | Q(claimed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="outgoing_mail_bounced_has_its_moment",
                condition=Q(status="bounced", bounced_at__isnull=False)
                | (~Q(status="bounced") & Q(bounced_at=None)),
            ),
            models.CheckConstraint(
                name="outgoing_mail_of_a_known_status", condition=Q(status__in=MailStatus.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def kind_in_words(self) -> str:
        """Return what the office calls this kind of mail."""
        return kind_in_words(self.kind)
