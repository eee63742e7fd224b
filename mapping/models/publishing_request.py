"""What organisations were asked about the text that visitors read, and answered."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mapping.enums import AgreementState
from organisations.models import Organisation
from regions.models import Region

_UNANSWERED = Q(state__in=["asked", "replaced"], answered_at=None, answered_by="", text=None, text_digest="")
_AGREED = Q(state__in=["agreed", "withdrawn"], answered_at__isnull=False, text__isnull=False)
_DECLINED = Q(state="declined", answered_at__isnull=False, text=None, text_digest="")


class PublishingRequest(models.Model):
    """The question whether an organisation agrees to its public card (vraag om akkoord), and its answer.

    Only the digests of its secrets are kept: that of the question works once, that of the receipt as long as the agreement
    does. What was agreed to is kept as it was shown, with its digest; a trigger keeps both.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="publishing_requests"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField(_("asked at"), max_length=254)
    mailbox = models.CharField(max_length=254, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked on"))
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    secret_digest = models.CharField(max_length=64, unique=True)
    # Of the reminder: both links work, so that nothing is lost on a page that was open.
    reminder_digest = models.CharField(max_length=64, unique=True, null=True)
    lasting_digest = models.CharField(max_length=64, unique=True, null=True)
    state = models.CharField(max_length=9, choices=AgreementState, default=AgreementState.ASKED)
    # What the organisation wrote before it answered: by field, only what differs.
    draft = models.JSONField(default=dict, blank=True)
    answered_at = models.DateTimeField(_("answered on"), null=True)
    answered_by = models.CharField(_("answered by"), max_length=150, blank=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    text = models.JSONField(null=True)
    text_digest = models.CharField(max_length=64, blank=True)
    corrected = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    # Since when visitors read what was agreed to: at once, or after a kwartiermaker took over what was corrected.
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Withdrawn, or something else was agreed to or published since.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("request to agree")
        verbose_name_plural = _("requests to agree")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="publishing_request_answered_as_it_says",
                condition=_UNANSWERED | (_AGREED & ~Q(text_digest="") & ~Q(answered_by="")) | _DECLINED,
            ),
            models.CheckConstraint(
                name="publishing_request_public_once_agreed",
                condition=Q(accepted_at=None, accepted_by=None)
                | (
                    Q(accepted_at__isnull=False, state__in=["agreed", "withdrawn"])
                    & (Q(corrected=[]) | Q(accepted_by__isnull=False))
                ),
            ),
            models.CheckConstraint(
                name="publishing_request_withdrawn_is_over",
                condition=~Q(state="withdrawn") | Q(ended_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="publishing_request_one_open_per_region",
                fields=["organisation", "region"],
                condition=Q(state="asked"),
            ),
            models.UniqueConstraint(
                name="publishing_request_one_in_force",
                fields=["organisation"],
                condition=Q(state="agreed", accepted_at__isnull=False, ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} for {self.organisation_id}"

    @property
    def is_in_force(self) -> bool:
        """Tell whether visitors read its text once the organisation is public."""
        return self.state == AgreementState.AGREED and self.accepted_at is not None and self.ended_at is None

    @property
    def waits_for_kwartiermaker(self) -> bool:
        """Tell whether what the organisation corrected was not taken over yet."""
        return self.state == AgreementState.AGREED and self.accepted_at is None and self.ended_at is None

    @property
    def is_refusal(self) -> bool:
        """Tell whether the organisation said that it does not want to be public."""
        return self.state in {AgreementState.DECLINED, AgreementState.WITHDRAWN}

    @property
    def mails_about(self) -> str:
        """Return what its mails are about."""
        return f"agreement-{self.pk}"
