"""What visitors ask about a public card: a correction, or its removal."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mapping.enums import CorrectionKind
from organisations.models import Organisation
from regions.models import Region


class CorrectionRequest(models.Model):
    """A correction or removal that somebody asked from a public card (verzoek om correctie).

    It counts, and anybody of the portal reads it, once it was confirmed through a link that was mailed to who asks: only the
    digest of its secret is kept.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="corrections_asked")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=CorrectionKind)
    message = models.TextField(_("what is not right"), max_length=2000)
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"), max_length=254)
    mailbox = models.CharField(max_length=254, editable=False)
    secret_digest = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField(_("asked on"))
    confirmed_at = models.DateTimeField(_("confirmed on"), null=True)
    answered_at = models.DateTimeField(_("answered on"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answer = models.TextField(_("answer"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("request for a correction")
        verbose_name_plural = _("requests for a correction")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="correction_request_of_a_known_kind", condition=Q(kind__in=CorrectionKind.values)
            ),
            models.CheckConstraint(
                name="correction_request_answered_once_confirmed",
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (
                    Q(answered_at__isnull=False, answered_by__isnull=False, confirmed_at__isnull=False)
                    & ~Q(answer="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.organisation_id}"

    @property
    def mails_about(self) -> str:
        """Return what its mails are about."""
        return f"correction-{self.pk}"
