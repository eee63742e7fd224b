"""Requests for a dossier whose account holder is gone."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from organisations.models import Organisation
from regions.models import Region
from takeovers.enums import TakeoverState

# The shortest wait, whatever a call says.
SHORTEST_WAIT = timedelta(days=3)
_DECIDED = ["granted", "refused"]


class Takeover(models.Model):
    """That somebody of a lead organisation asks the office for its draft (verzoek om een dossier, rule 41).

    Who asks reads nothing of ``application`` until it is granted, not even that there is one.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="takeovers")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="takeovers")
    asked_at = models.DateTimeField(_("asked on"))
    # The draft that the organisation leads there, found by a job; empty where there is none, or once it was destroyed.
    application = models.ForeignKey(
        Application, on_delete=models.SET_NULL, null=True, related_name="takeovers"
    )
    # Who was its contact person when everybody with a role was warned.
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # When everybody with a role was warned, and how many; none where nothing was found.
    warned_at = models.DateTimeField(null=True)
    warned = models.PositiveSmallIntegerField(default=0)
    decide_from_at = models.DateTimeField(_("can be decided from"), null=True)
    # When who asked hears of an end without the office: some hours or days later, as an officer would, so that the moment tells nothing.
    tell_from_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=TakeoverState, default=TakeoverState.OPEN)
    settled_at = models.DateTimeField(null=True)
    # Empty where time did it.
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # For the office and who speaks for the lead.
    reason = models.CharField(max_length=500, blank=True)
    # What who asked reads of a no.
    answer = models.CharField(max_length=500, blank=True)
    # When who asked was told; of a stop only once the wait is over, since it tells that there is a draft (rule 26).
    told_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    undone_because = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("request for a dossier")
        verbose_name_plural = _("requests for a dossier")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="takeover_of_a_known_state", condition=Q(state__in=TakeoverState.values)
            ),
            models.UniqueConstraint(
                name="takeover_one_untold_per_person_and_organisation",
                fields=["asked_by", "organisation"],
                condition=Q(told_at=None),
            ),
            models.CheckConstraint(
                name="takeover_settled_at_a_moment",
                condition=Q(state="open", settled_at=None, told_at=None)
                | (~Q(state="open") & Q(settled_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="takeover_waits_three_days_or_more",
                condition=Q(warned_at=None, decide_from_at=None, tell_from_at=None)
                | Q(
                    decide_from_at__gte=F("warned_at") + SHORTEST_WAIT,
                    tell_from_at__gte=F("decide_from_at"),
                ),
            ),
            models.CheckConstraint(
                name="takeover_decided_after_its_wait_with_a_reason",
                condition=~Q(state__in=_DECIDED)
                | (
                    (
                        Q(decide_from_at__isnull=False, settled_at__gte=F("decide_from_at"))
                        # Of what nobody was warned of yet, a no takes nothing from anybody.
                        | Q(state="refused", warned_at=None)
                    )
                    & ~Q(reason="")
                ),
            ),
            models.CheckConstraint(
                name="takeover_decided_by_somebody_else",
                condition=~Q(state__in=_DECIDED)
                | (Q(settled_by__isnull=False) & ~Q(settled_by=F("asked_by"))),
            ),
            models.CheckConstraint(
                name="takeover_undone_by_somebody_else_with_a_reason",
                condition=Q(undone_at=None, undone_by=None, undone_because="")
                | (
                    Q(state="granted", undone_at__isnull=False, undone_by__isnull=False)
                    & ~Q(undone_by=F("asked_by"))
                    & ~Q(undone_because="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_by_id} asks for {self.organisation_id}"

    @property
    def is_open(self) -> bool:
        """Tell whether it is open."""
        return self.state == TakeoverState.OPEN

    @property
    def is_in_force(self) -> bool:
        """Tell whether it was granted and not undone."""
        return self.state == TakeoverState.GRANTED and self.undone_at is None

    @property
    def is_led_by_its_own(self) -> bool:
        """Tell whether the organisation of which it is asked leads the draft still (rule 44)."""
        return (
            self.application is None
            or self.application.coalition.lead_organisation_id == self.organisation_id
        )
