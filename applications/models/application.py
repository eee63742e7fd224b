"""Applications."""

from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.enums import OPEN_OR_GRANTED_STATUSES, Status
from calls.models import Call, ReviewRound
from coalitions.models import Coalition

_BEFORE_SUBMISSION = Q(status__in=[Status.DRAFT, Status.WITHDRAWN])


class Application(models.Model):
    """A request by one coalition for one grant (aanvraag)."""

    reference = models.CharField(_("reference"), max_length=24, unique=True, editable=False)
    coalition = models.ForeignKey(Coalition, on_delete=models.PROTECT, related_name="applications")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    status = models.CharField(
        _("status"), max_length=12, choices=Status, default=Status.DRAFT, editable=False
    )
    title = models.CharField(_("title of the project"), max_length=150, blank=True)
    starts_on = models.DateField(_("first day of the project"), null=True, blank=True)
    duration_months = models.PositiveSmallIntegerField(_("duration in whole months"), null=True, blank=True)
    # The sum of the budget lines less the contributions; written with them (rule 6).
    requested_amount = models.DecimalField(
        _("requested amount"), max_digits=12, decimal_places=2, default=0, editable=False
    )
    # Copied from the call, so that the database can compare.
    amount_ceiling = models.DecimalField(max_digits=12, decimal_places=2, editable=False)
    max_months = models.PositiveSmallIntegerField(editable=False)
    # Of title and dates; people and sections carry their own, so that only the same thing changed twice is a
    # conflict (rule 12).
    particulars_version = models.PositiveIntegerField(default=1, editable=False)
    particulars_saved_at = models.DateTimeField(editable=False)
    particulars_saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    # With which number and since when the version that stands is written on, and when the version was saved that it puts
    # back (rule 32).
    particulars_begun_with = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    particulars_begun_at = models.DateTimeField(null=True, editable=False)
    particulars_restored_from = models.DateTimeField(null=True, editable=False)
    budget_version = models.PositiveIntegerField(default=1, editable=False)
    budget_saved_at = models.DateTimeField(editable=False)
    budget_saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    budget_begun_with = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    budget_begun_at = models.DateTimeField(null=True, editable=False)
    budget_restored_from = models.DateTimeField(null=True, editable=False)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField(editable=False)
    # The contact person of the lead, to whom the portal writes what partners answer; empty for who began it (rule 39).
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    changed_at = models.DateTimeField(_("last changed"), editable=False)
    submitted_at = models.DateTimeField(_("received at"), null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    # Of what was withdrawn since this is kept; a discarded draft can be put back for some days.
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    withdrawn_because = models.TextField(_("why it was withdrawn"), blank=True, db_default="", editable=False)
    # A withdrawn submission is put back once.
    reinstated_at = models.DateTimeField(_("withdrawal taken back at"), null=True, editable=False)
    # The application that was withdrawn or rejected, whose texts, budget and people it was begun with.
    started_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    # More time to sign than the call gives; the office can give it (Awb 4:5).
    signing_extended_until = models.DateTimeField(
        _("signing period extended until"), null=True, editable=False
    )
    # Until which day, and that day too, the office waits for what it asked to complete; nobody judges it meanwhile (rule 42).
    awaits_completion_until = models.DateField(_("to be completed by"), null=True, editable=False)
    # When that came, or its last day was over: who judges from then on has to have seen it.
    completion_ended_at = models.DateTimeField(null=True, editable=False)
    # For how many days the term to decide stands still: from the day after it was asked (Awb 4:15).
    suspended_days = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    # Since when both signatures are there: rows that never change, counted once so that lists find who lacks one.
    fully_signed_at = models.DateTimeField(_("signed by both at"), null=True, editable=False)
    # Found by the index below, which counts a round by status too.
    review_round = models.ForeignKey(
        ReviewRound,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="applications",
        db_index=False,
    )

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["review_round", "status"], name="application_by_round"),
            models.Index(
                fields=["submitted_at"],
                condition=Q(fully_signed_at=None, submitted_at__isnull=False),
                name="application_lacks_a_signature",
            ),
            models.Index(
                fields=["awaits_completion_until"],
                condition=Q(awaits_completion_until__isnull=False),
                name="application_awaits_completion",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="application_of_a_known_status", condition=Q(status__in=Status.values)
            ),
            # What was submitted never becomes a draft again (rule 21).
            models.CheckConstraint(
                name="application_draft_was_never_submitted",
                condition=~Q(status=Status.DRAFT) | Q(submitted_at=None),
            ),
            models.CheckConstraint(
                name="application_withdrawal_has_a_moment_only_while_it_lasts",
                condition=Q(withdrawn_at=None) | Q(status=Status.WITHDRAWN),
            ),
            models.CheckConstraint(
                name="application_reason_to_withdraw_only_while_it_lasts",
                condition=Q(withdrawn_because="") | Q(status=Status.WITHDRAWN),
            ),
            models.CheckConstraint(
                name="application_reinstated_after_submission",
                condition=Q(reinstated_at=None)
                | Q(submitted_at__isnull=False, reinstated_at__gte=F("submitted_at")),
            ),
            models.CheckConstraint(
                name="application_in_round_only_after_submission",
                condition=Q(review_round__isnull=True) | Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="application_received_has_round_and_moment",
                condition=_BEFORE_SUBMISSION
                | Q(review_round__isnull=False, submitted_at__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="application_more_time_to_sign_after_submission",
                condition=Q(signing_extended_until=None)
                | Q(submitted_at__isnull=False, signing_extended_until__gt=F("submitted_at")),
            ),
            models.CheckConstraint(
                name="application_completed_after_submission",
                condition=Q(awaits_completion_until=None, completion_ended_at=None, suspended_days=0)
                | Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="application_amount_within_ceiling",
                condition=_BEFORE_SUBMISSION
                | Q(requested_amount__gt=0, requested_amount__lte=F("amount_ceiling")),
            ),
            models.CheckConstraint(
                name="application_duration_within_call",
                condition=_BEFORE_SUBMISSION
                | Q(
                    duration_months__isnull=False,
                    duration_months__gte=1,
                    duration_months__lte=F("max_months"),
                ),
            ),
            models.CheckConstraint(
                name="application_received_has_title_and_start",
                condition=_BEFORE_SUBMISSION | (~Q(title="") & Q(starts_on__isnull=False)),
            ),
            models.UniqueConstraint(
                name="application_one_open_or_granted_per_coalition_and_call",
                fields=["coalition", "call"],
                condition=Q(status__in=sorted(OPEN_OR_GRANTED_STATUSES)),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def decision_expected_on(self) -> date | None:
        """Return the day by which the applicants were told to hear of it: of its round, and the days that the term stood still."""
        if self.review_round is None:
            return None
        return self.review_round.award_expected_on + timedelta(days=self.suspended_days)

    @property
    def was_asked_to_complete(self) -> bool:
        """Tell whether the office asked to complete it (rule 42), whatever came of that."""
        return self.awaits_completion_until is not None or self.completion_ended_at is not None

    @property
    def is_draft(self) -> bool:
        """Tell whether it may still be written on."""
        return self.status == Status.DRAFT
