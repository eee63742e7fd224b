"""The exact bytes of what was submitted."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from calls.models import ReviewRound


class FrozenContent(models.Model):
    """The canonical JSON of an application at the moment it was submitted (bevroren inhoud).

    Kept apart from the application's row, which is updated; a trigger of the database refuses a change.
    """

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="frozen")
    schema = models.PositiveSmallIntegerField(default=1)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="frozen_content_has_its_digest", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.sha256[:12]}"


class SealedApplication(models.Model):
    """The membership of an application in a sealed round, with the digest of its content (rule 4).

    A trigger of the database refuses a change.
    """

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="seal")
    review_round = models.ForeignKey(
        ReviewRound, on_delete=models.PROTECT, related_name="members", verbose_name=_("round")
    )
    frozen = models.OneToOneField(FrozenContent, on_delete=models.PROTECT, related_name="seal")
    sha256 = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"))

    def __str__(self) -> str:
        return f"{self.application_id} in {self.review_round_id}"
