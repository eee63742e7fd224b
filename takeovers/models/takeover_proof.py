"""What somebody shows of who they are when they ask for a dossier."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from takeovers.models.takeover import Takeover


class TakeoverProof(models.Model):
    """Who somebody is and why the account holder cannot, in words and perhaps a PDF (bewijs): apart, since it is kept shorter."""

    takeover = models.OneToOneField(Takeover, on_delete=models.CASCADE, related_name="proof")
    text = models.TextField()
    # Empty without a file.
    stored_as = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=150, blank=True)
    size = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="takeover_proof_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="takeover_proof_file_has_its_digest",
                condition=Q(stored_as="", sha256="")
                | (~Q(stored_as="") & Q(sha256__regex=r"^[0-9a-f]{64}$")),
            ),
        ]

    def __str__(self) -> str:
        return f"proof of {self.takeover_id}"
