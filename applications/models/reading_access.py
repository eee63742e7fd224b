"""Who may read an application for its assessment."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.application import Application


class ReadingAccess(models.Model):
    """Reading access of one assessor to one application (leesrecht, rule 14).

    ``reviews`` grants and revokes it; queries, files, exports and the admin ask for it and nothing else.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="reading_access")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reading_access"
    )
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="reading_access_one_per_person",
                fields=["application", "user"],
                condition=Q(revoked_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} reads {self.application_id}"
