"""Who wrote in an application."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from applications.models.application import Application


class Writer(models.Model):
    """Somebody who wrote in an application, or took part in the one with which it was begun (schrijver).

    The database adds them at each save: they stay tied to it when others replaced what they wrote (rules 14 and 29).
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="writers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="writer_once_per_application", fields=["application", "user"])
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.application_id}"
