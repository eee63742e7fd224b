"""Letters."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import DateField, F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from hubportal.documents.models import Document
from hubportal.kernel.clock import AMSTERDAM
from hubportal.mail.models import OutgoingMail
from letters.enums import Channel
from letters.models.letter_text import LetterText
from regions.models import Region


def day_of(moment: str) -> Func:
    """Return the day in the Netherlands of the moment in a field."""
    return Func(
        Value(AMSTERDAM.key), F(moment), template="timezone(%(expressions)s)::date", output_field=DateField()
    )


class Letter(models.Model):
    """One letter (brief): released by a second person, made by a job, sent once (rule 19).

    Its row is written by the release, with all its words but the day of sending and what follows from
    it. ``text`` is the version it was composed from, which also says its kind and its call.
    """

    text = models.ForeignKey(LetterText, on_delete=models.PROTECT, related_name="letters")
    # What it is about: a reference, as its document and its mails have it.
    about = models.CharField(_("reference"), max_length=60, db_index=True)
    addressee = models.CharField(_("addressee"), max_length=300)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Nobody for a kind that needs no second person.
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("released by"),
    )
    released_at = models.DateTimeField(_("released at"))
    # As it was asked when the application was sealed, frozen here at release; by post after all once its mail came back.
    channel = models.CharField(
        _("how it goes"), max_length=5, choices=Channel, default=Channel.EMAIL, db_default=Channel.EMAIL
    )
    content = models.BinaryField()
    content_sha256 = models.CharField(max_length=64)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by"
    )
    document = models.OneToOneField(Document, on_delete=models.PROTECT, null=True, related_name="letter")
    dated_on = models.DateField(_("date of the letter"), null=True)
    # How often it was made anew, because its mail could not go on the day it was dated (rule 34).
    times_dated_anew = models.PositiveSmallIntegerField(default=0, db_default=0)
    # The mail that brings it to the addressee; its moment of sending is the letter's. Of what goes on paper none, or the one
    # that came back before.
    mail = models.OneToOneField(OutgoingMail, on_delete=models.PROTECT, null=True, related_name="letter")
    sent_at = models.DateTimeField(_("sent at"), null=True)
    # When it was first recorded as sent. What everybody may know of it then, they know: also once it came back (rule 26).
    told_at = models.DateTimeField(null=True, editable=False)
    # Who recorded that it was posted.
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("posted by"),
    )
    # How often it came back, and when last: then it was not sent, and its term did not begin (Awb 3:41 and 6:8).
    times_bounced = models.PositiveSmallIntegerField(default=0, db_default=0)
    bounced_at = models.DateTimeField(_("came back at"), null=True)
    # That the office has it sent once more, and why; empty again once its mail is queued, the reason stays.
    resend_asked_at = models.DateTimeField(null=True)
    resend_reason = models.CharField(_("reason"), max_length=500, blank=True, db_default="")
    # When the addressee first opened it in the portal.
    first_opened_at = models.DateTimeField(_("first opened at"), null=True)
    # Of which region everybody may know something new, once it is sent.
    public_in = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    # Empty in a letter of a kind to which nobody objects.
    objection_deadline_on = models.DateField(_("last day to object"), null=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes: ClassVar = [
            models.Index(fields=["released_at"], condition=Q(document=None), name="letter_to_make"),
            models.Index(fields=["mail"], condition=Q(sent_at=None), name="letter_being_sent"),
            models.Index(
                fields=["released_at"], condition=Q(channel="post", sent_at=None), name="letter_to_post"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="letter_released_by_somebody_else", condition=~Q(released_by=F("recorded_by"))
            ),
            models.CheckConstraint(
                name="letter_made_whole",
                condition=Q(document=None, dated_on=None, mail=None, objection_deadline_on=None)
                | Q(channel="email", document__isnull=False, dated_on__isnull=False, mail__isnull=False)
                # What goes on paper is no document before it was posted, unless a mail brought it before: nobody learns of it.
                | Q(
                    Q(mail=None, sent_at__isnull=False) | Q(mail__isnull=False),
                    channel="post",
                    document__isnull=False,
                    dated_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="letter_by_a_known_channel", condition=Q(channel__in=sorted(Channel.values))
            ),
            models.CheckConstraint(
                name="letter_posted_by_somebody",
                condition=Q(posted_by=None, sent_at=None)
                | Q(channel="email", posted_by=None)
                | Q(channel="post", posted_by__isnull=False, sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_posted_on_its_day",
                condition=Q(channel="email") | Q(sent_at=None) | Q(dated_on=day_of("sent_at")),
            ),
            models.CheckConstraint(
                name="letter_sent_only_when_made", condition=Q(sent_at=None) | Q(document__isnull=False)
            ),
            models.CheckConstraint(
                name="letter_told_from_its_first_sending",
                condition=Q(sent_at=None) | Q(told_at__isnull=False, told_at__lte=F("sent_at")),
            ),
            models.CheckConstraint(
                name="letter_bounced_has_its_moment",
                condition=Q(times_bounced=0, bounced_at=None)
                | Q(times_bounced__gt=0, bounced_at__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_sent_anew_is_explained",
                condition=Q(resend_asked_at=None) | (Q(sent_at=None) & ~Q(resend_reason="")),
            ),
            models.CheckConstraint(
                name="letter_by_post_after_all_is_explained",
                condition=~Q(channel="post", mail__isnull=False) | ~Q(resend_reason=""),
            ),
            models.CheckConstraint(
                name="letter_opened_only_when_made",
                condition=Q(first_opened_at=None) | Q(document__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_never_supersedes_itself",
                condition=Q(supersedes=None) | ~Q(supersedes=F("pk")),
            ),
        ]

    def __str__(self) -> str:
        return f"letter {self.pk} about {self.about}"
