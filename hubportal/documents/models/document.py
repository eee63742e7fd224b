"""Documents."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hubportal.documents.enums import DocumentKind


class Document(models.Model):
    """A signed PDF, which never changes (document).

    Its bytes are stored under a name made of their SHA-256; a correction is another document that supersedes this
    one.
    """

    kind = models.CharField(_("kind"), max_length=16, choices=DocumentKind, editable=False)
    title = models.CharField(_("title"), max_length=200, editable=False)
    about = models.CharField(_("reference"), max_length=60, db_index=True, editable=False)
    stored_as = models.CharField(_("stored as"), max_length=120, unique=True, editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), editable=False)
    verification_code = models.CharField(_("verification code"), max_length=20, unique=True, editable=False)
    dated_on = models.DateField(_("dated"), editable=False)
    created_at = models.DateTimeField(_("made at"), editable=False)
    superseded_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="supersedes",
        verbose_name=_("superseded by"),
    )
    superseded_at = models.DateTimeField(_("superseded at"), null=True, editable=False)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="document_kind_is_known", condition=Q(kind__in=sorted(DocumentKind.values))
            ),
            models.CheckConstraint(
                name="document_sha256_is_64_hexadecimals", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(name="document_is_never_empty", condition=Q(size__gt=0)),
            models.CheckConstraint(
                name="document_superseded_exactly_when_a_moment_says_so",
                condition=Q(superseded_by__isnull=True, superseded_at__isnull=True)
                | Q(superseded_by__isnull=False, superseded_at__isnull=False),
            ),
            models.CheckConstraint(
                name="document_never_supersedes_itself",
                condition=Q(superseded_by__isnull=True) | ~Q(superseded_by=F("pk")),
            ),
            models.UniqueConstraint(
                name="document_supersedes_one_at_most",
                fields=["superseded_by"],
                condition=Q(superseded_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.verification_code})"
