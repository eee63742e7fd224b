"""Links that let somebody without an account answer once."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.enums import LinkPurpose, SigningRole
from applications.models.application import Application
from coalitions.models import Participation


class OneTimeLink(models.Model):
    """A link, mailed to one address, by which one answer is given once (eenmalige link).

    Only the digest of its secret is kept: who reads the database cannot follow it.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=8, choices=LinkPurpose)
    participation = models.ForeignKey(
        Participation, on_delete=models.PROTECT, null=True, related_name="links"
    )
    signing_role = models.CharField(max_length=24, choices=SigningRole, blank=True)
    name = models.CharField(max_length=150)
    email = models.EmailField(max_length=254)
    secret_digest = models.CharField(max_length=64, unique=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    expires_at = models.DateTimeField(_("works until"))
    # When its page was first opened: by somebody, or by a program that looks at mail.
    opened_at = models.DateTimeField(null=True, editable=False)
    used_at = models.DateTimeField(_("used at"), null=True)
    # Replaced by a newer link for the same answer.
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="one_time_link_knows_who_answers",
                condition=Q(purpose="consent", participation__isnull=False, signing_role="")
                | (Q(purpose="sign", participation__isnull=True) & ~Q(signing_role="")),
            ),
            models.UniqueConstraint(
                name="one_time_link_one_live_per_partner",
                fields=["application", "participation"],
                condition=Q(purpose="consent", used_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="one_time_link_one_live_per_signatory",
                fields=["application", "signing_role"],
                condition=Q(purpose="sign", used_at__isnull=True, withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} for {self.application_id}"
