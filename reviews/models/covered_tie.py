"""What a measure covers."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from organisations.models import Organisation
from reviews.enums import TieKind
from reviews.models.interest_declaration import InterestDeclaration


class CoveredTie(models.Model):
    """A tie that was known when a measure on an interest was recorded; a later one closes again (rules 14 and 29)."""

    declaration = models.ForeignKey(
        InterestDeclaration, on_delete=models.PROTECT, related_name="covered_ties"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=8, choices=TieKind)
    # Of a rival: the application in which the person takes part themselves. The next one closes again.
    rival = models.ForeignKey(
        Application, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("own application")
    )

    class Meta:
        verbose_name = _("tie that a measure covers")
        verbose_name_plural = _("ties that measures cover")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="covered_tie_once_per_measure",
                fields=["declaration", "organisation", "kind", "rival"],
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.declaration_id} covers {self.kind} at {self.organisation_id}"
