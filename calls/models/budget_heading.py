"""The headings of a budget."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from calls.models.call import Call


class BudgetHeading(models.Model):
    """A heading under which an application of this call plans costs or contributions (begrotingspost)."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="headings")
    key = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=120)
    # True: contributions of third parties, which lower the amount that is asked (rule 6).
    is_contribution = models.BooleanField(_("contribution from third parties"), default=False)

    class Meta:
        verbose_name = _("budget heading")
        verbose_name_plural = _("budget headings")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="budget_heading_once_per_call", fields=["call", "key"])
        ]

    def __str__(self) -> str:
        return self.title
