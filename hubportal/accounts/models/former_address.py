"""Addresses that somebody had."""

from django.conf import settings
from django.db import models


class FormerAddress(models.Model):
    """An address that somebody confirmed and took off their account, or changed; the database keeps it (rules 28 and 29).

    Whoever reads a mailbox is tied by it, also after they made the portal forget it. It goes with the account.
    """

    # The constraint is the database's own: it takes along what is kept while an account is being deleted.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="former_addresses",
        db_constraint=False,
    )
    email = models.EmailField(max_length=254)

    class Meta:
        constraints = (models.UniqueConstraint(name="former_address_once", fields=["user", "email"]),)

    def __str__(self) -> str:
        return f"{self.email} of {self.user_id}"
