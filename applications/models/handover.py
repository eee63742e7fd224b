"""Handing over who is the contact person of the lead organisation in a draft."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.enums import HandoverKind, HandoverState
from applications.models.application import Application

# The shortest that a takeover waits, whatever the code says.
SHORTEST_WAIT = timedelta(days=3)


class Handover(models.Model):
    """That somebody else becomes the contact person of the lead: offered by who is it, or taken over (overdracht, rule 39).

    It gives no right: who is proved to speak for the lead has them all already.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="handovers")
    kind = models.CharField(max_length=8, choices=HandoverKind)
    state = models.CharField(max_length=10, choices=HandoverState, default=HandoverState.OPEN)
    # Who was the contact person when it was asked, and who becomes it.
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    # When a takeover takes effect, unless somebody stops it.
    takes_effect_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    # Empty where time did it.
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("change of contact person")
        verbose_name_plural = _("changes of contact person")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="handover_one_open_per_application",
                fields=["application"],
                condition=Q(state="open"),
            ),
            models.CheckConstraint(name="handover_to_somebody_else", condition=~Q(to=F("holder"))),
            models.CheckConstraint(
                name="handover_taken_over_after_a_wait_and_with_a_reason",
                condition=Q(kind="offer", takes_effect_at=None)
                | (Q(kind="takeover", takes_effect_at__gte=F("asked_at") + SHORTEST_WAIT) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="handover_settled_at_a_moment",
                condition=Q(state="open", settled_at=None)
                | Q(
                    state__in=["done", "declined", "taken_back", "stopped", "lapsed"],
                    settled_at__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.kind} {self.state}"
