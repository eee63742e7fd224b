"""Signatures under the declaration."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.enums import SigningRole
from applications.models.application import Application
from applications.models.one_time_link import OneTimeLink


class DeclarationSignature(models.Model):
    """A signature under the declaration of a submitted application (ondertekende verklaring, rule 10)."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="signatures")
    role = models.CharField(_("as"), max_length=24, choices=SigningRole)
    name = models.CharField(_("name"), max_length=150)
    # As they typed it; empty of what was signed before it was asked.
    function = models.CharField(_("function"), max_length=100, blank=True, default="", db_default="")
    link = models.OneToOneField(OneTimeLink, on_delete=models.PROTECT, null=True, related_name="signature")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    # What was signed: the frozen content, and the words of the declaration.
    content_sha256 = models.CharField(max_length=64)
    declaration = models.TextField()
    signed_at = models.DateTimeField(_("signed at"))

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints: ClassVar = [
            models.UniqueConstraint(name="declaration_signed_once_per_role", fields=["application", "role"]),
            models.CheckConstraint(
                name="declaration_signed_by_link_or_account",
                condition=Q(link__isnull=False) | Q(user__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.role}"

    @property
    def signed_as(self) -> str:
        """Return who signed, with their function where it was asked."""
        return f"{self.name} ({self.function})" if self.function else self.name
