"""Who steered an application."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.application import Application


class Steerer(models.Model):
    """Somebody who did more with an application than look at it, or with its coalition: they take part in its call (meedoener).

    The database adds them at each recorded act that says so, while it still knows what that is about: they stay tied once
    it was undone, or once the comment, the invitation or the partner is gone (rules 14 and 29).
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="steerers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    # Of who agreed or signed through a mailed link, with whichever account of that mailbox, also a later one (rule 28).
    mailbox = models.CharField(max_length=254, blank=True, default="", db_default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="steerer_once_per_application", fields=["application", "user"]),
            models.UniqueConstraint(
                name="steerer_mailbox_once_per_application",
                fields=["application", "mailbox"],
                condition=~Q(mailbox=""),
            ),
            models.CheckConstraint(
                name="steerer_is_an_account_or_a_mailbox",
                condition=Q(user=None) & ~Q(mailbox="") | Q(user__isnull=False, mailbox=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id or self.mailbox} in {self.application_id}"
