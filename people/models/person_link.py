"""Links that were mailed to people without an account."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from people.enums import LinkUse
from people.models.mapped_person import MappedPerson


class PersonLink(models.Model):
    """A link that was mailed to one address (link van een mens op de kaart).

    Only the digest of its secret is kept: who reads the database cannot follow it. It goes with the person.
    """

    person = models.ForeignKey(MappedPerson, on_delete=models.CASCADE, related_name="links")
    use = models.CharField(max_length=7, choices=LinkUse)
    email = models.EmailField(max_length=254)
    secret_digest = models.CharField(max_length=64, unique=True)
    # Nobody where the portal reminded by itself.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    # None for a lasting one.
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    # Replaced by a newer one, or mailed to an address that is no longer theirs.
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="person_link_of_a_known_use", condition=Q(use__in=LinkUse.values)),
            models.CheckConstraint(
                name="person_link_lasts_or_works_once",
                condition=Q(use="lasting", expires_at=None, used_at=None)
                | (~Q(use="lasting") & Q(expires_at__isnull=False)),
            ),
            models.UniqueConstraint(
                name="person_link_one_live_per_question",
                fields=["person", "use"],
                condition=Q(expires_at__isnull=False, used_at=None, withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.use} for {self.person_id}"
