"""Who steered an application."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from applications.models.application import Application


class Steerer(models.Model):
    """Somebody who did more with an application than look at it, or with its coalition: they take part in its call (meedoener).

    The database adds them at each recorded act that says so, while it still knows what that is about: they stay tied once
    it was undone, or once the comment, the invitation or the partner is gone (rules 14 and 29).
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="steerers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="steerer_once_per_application", fields=["application", "user"])
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.application_id}"
