"""The rounds of a call."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from calls.models.call import Call


class ReviewRound(models.Model):
    """An interim round in which applications are judged together (tussentijdse beoordelingsronde)."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("number"))
    opens_at = models.DateTimeField(_("opens at"))
    # Strict: a submission received at this very moment is late (rule 2).
    deadline_at = models.DateTimeField(_("deadline"))
    award_expected_on = models.DateField(_("expected award"))
    ceiling = models.DecimalField(
        _("ceiling of the round"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    granted_total = models.DecimalField(
        _("granted so far"), max_digits=12, decimal_places=2, default=0, editable=False
    )
    sealed_at = models.DateTimeField(_("sealed at"), null=True, editable=False)
    # When every letter was sent: from then on what was not granted is public no more (rule 26).
    settled_at = models.DateTimeField(_("settled at"), null=True, editable=False)
    provisional = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering: ClassVar = ["call", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="review_round_one_per_number", fields=["call", "number"]),
            models.CheckConstraint(
                name="review_round_opens_before_its_deadline", condition=Q(opens_at__lt=F("deadline_at"))
            ),
            models.CheckConstraint(
                name="review_round_sealed_only_after_its_deadline",
                condition=Q(sealed_at__isnull=True) | Q(sealed_at__gte=F("deadline_at")),
            ),
            models.CheckConstraint(
                name="review_round_grants_within_ceiling",
                condition=Q(granted_total__gte=0)
                & (Q(ceiling__isnull=True) | Q(granted_total__lte=F("ceiling"))),
            ),
            # A range of the call's id instead of the id: equality of numbers needs no extension that way.
            ExclusionConstraint(
                name="review_rounds_of_a_call_do_not_overlap",
                expressions=[
                    (
                        Func("call_id", "call_id", Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            "opens_at",
                            "deadline_at",
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call.reference_prefix} {self.number}"
