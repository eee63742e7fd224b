"""The rubric of a call."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.enums import CriterionFamily
from calls.models.call import Call


class Criterion(models.Model):
    """What an application of this call is judged on, with its weight in percent (criterium)."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="criteria")
    key = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    family = models.CharField(_("family"), max_length=10, choices=CriterionFamily)
    title = models.CharField(_("title"), max_length=120)
    question = models.TextField(_("what to look at"))
    weight = models.PositiveSmallIntegerField(_("weight in percent"))
    # Whether reviewers look at the budget for it; what they look at for other criteria, the sections name.
    looks_at_budget = models.BooleanField(_("looks at the budget"), default=False, db_default=False)
    provisional = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="criterion_once_per_call", fields=["call", "key"]),
            models.CheckConstraint(
                name="criterion_weight_is_a_percentage", condition=Q(weight__gte=1, weight__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CriterionStep(models.Model):
    """The meaning of one score on one criterion (trede)."""

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="steps")
    score = models.PositiveSmallIntegerField(_("score"))
    sentence = models.CharField(_("meaning"), max_length=250)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering: ClassVar = ["score"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="criterion_step_once_per_score", fields=["criterion", "score"])
        ]

    def __str__(self) -> str:
        return f"{self.score}: {self.sentence}"
