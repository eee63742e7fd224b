"""Lines of the budget that holds after a grant in part."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from decisions.models.decision import Decision


class GrantedLine(models.Model):
    """What a grant in part accepts of one line of the sealed budget (toegekende begrotingsregel, rule 31; Awb 3:46).

    The costs accepted, less the contributions of others, are the grant: a trigger compares them.
    """

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="lines", db_index=False)
    # In the sealed budget, from 1.
    position = models.PositiveSmallIntegerField(_("line"))
    is_contribution = models.BooleanField()
    asked = models.DecimalField(_("requested"), max_digits=12, decimal_places=2)
    accepted = models.DecimalField(_("accepted"), max_digits=12, decimal_places=2)
    # Why it is lower than was asked; the letter says it.
    reason = models.TextField(_("reason"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("budget line of a grant")
        verbose_name_plural = _("budget lines of a grant")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="granted_line_once_per_position", fields=["decision", "position"]),
            models.CheckConstraint(
                name="granted_line_no_higher_than_asked",
                condition=Q(accepted__gte=0, accepted__lte=F("asked")),
            ),
            models.CheckConstraint(
                name="granted_line_says_why_it_is_lower",
                condition=Q(accepted=F("asked")) | Q(reason__regex=r"\S"),
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.position} of decision {self.decision_id}"
