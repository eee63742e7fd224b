"""The empty forms of a call, to read beforehand."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.enums import FormKind
from calls.models.call import Call


class EmptyForm(models.Model):
    """Everything that a call asks, as a file to read beforehand (leeg formulier); a job makes it."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="empty_forms")
    kind = models.CharField(_("kind"), max_length=4, choices=FormKind)
    asked_at = models.DateTimeField(_("asked on"))
    made_at = models.DateTimeField(_("made on"), null=True, editable=False)
    # The SHA-256 of what it tells of the call, and that of the file.
    told = models.CharField(max_length=64, blank=True, editable=False)
    stored_as = models.CharField(max_length=120, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("empty form")
        verbose_name_plural = _("empty forms")
        constraints: ClassVar = [
            models.UniqueConstraint(name="empty_form_once_per_kind", fields=["call", "kind"]),
            models.CheckConstraint(name="empty_form_of_a_known_kind", condition=Q(kind__in=FormKind.values)),
            models.CheckConstraint(
                name="empty_form_made_has_its_file",
                condition=Q(made_at=None, told="", stored_as="", sha256="")
                | (
                    Q(made_at__isnull=False, told__regex=r"^[0-9a-f]{64}$", sha256__regex=r"^[0-9a-f]{64}$")
                    & ~Q(stored_as="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.call_id}"
