"""Offering the lead of a coalition to another organisation of it."""

from datetime import timedelta
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.enums import LeadOfferState
from coalitions.models import Coalition, Participation

# How long the other organisation can think about it.
OPEN_FOR = timedelta(days=30)
_BY_SOMEBODY = ["accepted", "declined", "taken_back"]


class LeadOffer(models.Model):
    """That the lead of a coalition asks a partner to become the lead (aanbod van het penvoerderschap, rule 44).

    It opens nothing by itself: who is proved to speak for the partner reads the offer alone until they accept it. All drafts
    of the coalition go along.
    """

    # By which addresses of pages name it.
    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    coalition = models.ForeignKey(Coalition, on_delete=models.CASCADE, related_name="lead_offers")
    # The partner that is asked.
    place = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="lead_offers")
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Who answers for the former lead once it is a partner.
    contact = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    # That others spoke for the lead then: they have their days to take it back, also who speaks for it no more by then.
    colleagues_told = models.BooleanField(default=False, db_default=False)
    lapses_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=LeadOfferState, default=LeadOfferState.OPEN)
    settled_at = models.DateTimeField(null=True)
    # Empty where time did it.
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # For who speaks for the lead alone.
    declined_because = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("offer of the lead")
        verbose_name_plural = _("offers of the lead")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="lead_offer_one_open_per_coalition", fields=["coalition"], condition=Q(state="open")
            ),
            models.CheckConstraint(
                name="lead_offer_open_for_thirty_days", condition=Q(lapses_at=F("offered_at") + OPEN_FOR)
            ),
            models.CheckConstraint(
                name="lead_offer_settled_at_a_moment",
                condition=Q(state="open", settled_at=None, settled_by=None)
                | Q(state__in=_BY_SOMEBODY, settled_at__isnull=False, settled_by__isnull=False)
                | Q(state__in=["stopped", "lapsed"], settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="lead_offer_accepted_by_somebody_else_in_time",
                condition=~Q(state="accepted")
                | (
                    ~Q(settled_by=F("offered_by"))
                    & ~Q(settled_by=F("contact"))
                    & Q(settled_at__lt=F("lapses_at"))
                ),
            ),
            models.CheckConstraint(
                name="lead_offer_declined_with_a_reason",
                condition=(Q(state="declined") & ~Q(declined_because=""))
                | (~Q(state="declined") & Q(declined_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.coalition_id}: {self.key} {self.state}"

    @property
    def is_open(self) -> bool:
        """Tell whether nothing became of it yet; its time may be over."""
        return self.state == LeadOfferState.OPEN
