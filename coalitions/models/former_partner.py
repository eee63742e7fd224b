"""Which organisations took part in a coalition and do no more."""

from typing import ClassVar

from django.db import models

from coalitions.models.coalition import Coalition
from organisations.models import Organisation


class FormerPartner(models.Model):
    """An organisation that agreed, led or said no and was removed (voormalige partner).

    Of one that took part, people knew what the coalition plans (rule 26); a no of who represents it stands if it is added again
    (rule 8). Not one that was only named: else who applies would shut a kwartiermaker out.
    """

    coalition = models.ForeignKey(Coalition, on_delete=models.CASCADE, related_name="former_partners")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    joined_at = models.DateTimeField()
    removed_at = models.DateTimeField()
    took_part = models.BooleanField()
    said_no = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="former_partner_once_per_coalition", fields=["coalition", "organisation"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.coalition_id} before"
