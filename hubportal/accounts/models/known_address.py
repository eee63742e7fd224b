"""Addresses that somebody has or had."""

from django.conf import settings
from django.db import models


class KnownAddress(models.Model):
    """An address that an account has, or that somebody confirmed for it at any time; the database keeps it (rules 28 and 29).

    Whoever reads a mailbox is tied by it, by whichever account, also after they took it off. It goes with the account.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="known_addresses"
    )
    email = models.EmailField(max_length=254)
    # In the one form in which mailboxes are compared.
    mailbox = models.CharField(max_length=254, db_index=True)
    # One that nobody confirmed goes once the account has another.
    is_confirmed = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(name="known_address_once", fields=["user", "email"]),)

    def __str__(self) -> str:
        return f"{self.email} of {self.user_id}"
