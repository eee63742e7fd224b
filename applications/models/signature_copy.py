"""The copy of what somebody signed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from applications.models.declaration_signature import DeclarationSignature


class SignatureCopy(models.Model):
    """The PDF of exactly what somebody signed, made by a job and mailed to who signed (afschrift, rule 35).

    A row of its own: a signature never changes.
    """

    signature = models.OneToOneField(DeclarationSignature, on_delete=models.PROTECT, related_name="copy")
    made_at = models.DateTimeField()
    stored_as = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="signature_copy_made_with_its_file",
                condition=~Q(stored_as="") & Q(sha256__regex=r"^[0-9a-f]{64}$"),
            )
        ]

    def __str__(self) -> str:
        return f"copy of {self.signature_id}"
