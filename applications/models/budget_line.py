"""The lines of a budget."""

from typing import ClassVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round
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
    # With a rate the amount is their product; without one it was typed.
    hours = models.DecimalField(_("hours"), max_digits=8, decimal_places=2, null=True)
    rate = models.DecimalField(_("rate in euros per hour"), max_digits=12, decimal_places=2, null=True)
    amount = models.DecimalField(_("amount in euros"), max_digits=12, decimal_places=2)
    position = models.PositiveSmallIntegerField()
    # The row of the page in which it was typed: it stays what it was while something else in that row cannot be read.
    key = models.UUIDField(db_default=RandomUUID(), editable=False)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="budget_line_above_zero", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="budget_line_is_hours_times_rate",
                condition=Q(hours__isnull=True, rate__isnull=True)
                | Q(
                    hours__isnull=False,
                    rate__isnull=False,
                    hours__gt=0,
                    amount=Round(F("hours") * F("rate"), precision=2),
                ),
            ),
            models.UniqueConstraint(name="budget_line_once_per_position", fields=["application", "position"]),
            models.UniqueConstraint(name="budget_line_once_per_key", fields=["application", "key"]),
        ]

    def __str__(self) -> str:
        return f"{self.description}: {self.amount}"
