"""The lines of a budget."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from calls.models import BudgetHeading
from coalitions.models import Participation


class BudgetLine(models.Model):
    """A cost or a contribution in the budget of an application (begrotingsregel)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="budget_lines")
    heading = models.ForeignKey(BudgetHeading, on_delete=models.PROTECT, related_name="lines")
    # Whose share it is; consent is bound to the own share (rule 9).
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="budget_lines")
    description = models.CharField(_("description"), max_length=200)
    amount = models.DecimalField(_("amount in euros"), max_digits=12, decimal_places=2)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="budget_line_above_zero", condition=Q(amount__gt=0)),
            models.UniqueConstraint(name="budget_line_once_per_position", fields=["application", "position"]),
        ]

    def __str__(self) -> str:
        return f"{self.description}: {self.amount}"
