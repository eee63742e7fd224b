"""A subsidy call."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Call(models.Model):
    """A subsidy call (subsidieoproep), entirely data: no constant in code (rule 1)."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("at a glance"), blank=True)
    reference_prefix = models.CharField(_("prefix of references"), max_length=12, unique=True)
    last_number = models.PositiveIntegerField(default=0, editable=False)
    is_rehearsal = models.BooleanField(_("for practice"), default=False)

    opens_at = models.DateTimeField(_("opens at"))
    # Until then one can ask something about it, answered for everybody (rule 40); without one nobody can.
    questions_until = models.DateTimeField(_("last moment to ask questions"), null=True, blank=True)
    ceiling = models.DecimalField(_("ceiling"), max_digits=12, decimal_places=2)
    # What decisions have promised so far; written by the act that decides, kept below the ceiling here.
    granted_total = models.DecimalField(
        _("granted so far"), max_digits=12, decimal_places=2, default=0, editable=False
    )
    grant_maximum = models.DecimalField(_("highest grant"), max_digits=12, decimal_places=2)
    min_months = models.PositiveSmallIntegerField(_("shortest duration in months"), default=1)
    max_months = models.PositiveSmallIntegerField(_("longest duration in months"))
    min_parties = models.PositiveSmallIntegerField(_("smallest number of organisations"), default=2)
    allows_several_coalitions_per_organisation = models.BooleanField(default=True)
    allows_several_coalitions_per_region = models.BooleanField(default=True)
    # Whether everybody may know of an undecided round from which regions applications came (rule 26).
    shows_applications = models.BooleanField(
        _("regions with an application are public while the round is undecided"),
        default=False,
        db_default=False,
    )

    reviewers_per_application = models.PositiveSmallIntegerField(_("reviewers per application"), default=2)
    lowest_score = models.PositiveSmallIntegerField(_("lowest score"), default=1)
    highest_score = models.PositiveSmallIntegerField(_("highest score"), default=5)
    award_weeks = models.PositiveSmallIntegerField(_("weeks from deadline to expected award"), default=6)
    signature_days = models.PositiveSmallIntegerField(_("days to sign the declaration"), default=7)
    signing_reminder_days = models.PositiveSmallIntegerField(
        _("days before the end of signing that a reminder goes out"), default=2
    )
    deadline_reminder_days = models.PositiveSmallIntegerField(
        _("days before a deadline that the first reminder goes out"), default=7, db_default=7
    )
    deadline_reminder_hours = models.PositiveSmallIntegerField(
        _("hours before a deadline that the last reminder goes out"), default=48, db_default=48
    )
    link_days = models.PositiveSmallIntegerField(_("days a one-time link works"), default=14)
    # How long everybody with a role can object before the office gives a draft to somebody else (rule 41).
    takeover_days = models.PositiveSmallIntegerField(
        _("days of waiting before a draft goes to somebody else"), default=7, db_default=7
    )
    max_budget_lines = models.PositiveSmallIntegerField(_("highest number of budget lines"), default=60)
    max_attachments = models.PositiveSmallIntegerField(_("highest number of attachments"), default=10)
    # Of each its key, label, explanation, is_required and most: see calls.domain.attachment_kinds. Data of the call itself, so that
    # every page of a draft has read them with it.
    attachment_kinds = models.JSONField(
        _("attachments that are asked"),
        default=list,
        blank=True,
        db_default=models.Value([], output_field=models.JSONField()),
    )
    objection_weeks = models.PositiveSmallIntegerField(_("weeks to object"), default=6)

    settlement_weeks = models.PositiveSmallIntegerField(
        _("weeks from the end of a project to the account"), default=13, db_default=13
    )

    # Whose name is above a letter; who decides is the organ, and a mandated person signs for it.
    deciding_body = models.CharField(_("deciding body"), max_length=200)
    deciding_organ = models.CharField(_("administrative organ"), max_length=200, blank=True, db_default="")
    mandate = models.TextField(_("mandate"), blank=True)
    mandate_decision = models.CharField(
        _("decision that gives the mandate"), max_length=300, blank=True, db_default=""
    )
    general_terms = models.CharField(_("general terms"), max_length=200, blank=True, db_default="")
    general_terms_address = models.CharField(
        _("where the general terms stand"), max_length=200, blank=True, db_default=""
    )
    objection_address = models.CharField(
        _("postal address for objections"), max_length=200, blank=True, db_default=""
    )
    objection_channel = models.CharField(
        _("digital channel for objections"), max_length=200, blank=True, db_default=""
    )
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True, db_default="")
    contact_phone = models.CharField(_("telephone"), max_length=30, blank=True, db_default="")
    contact_email = models.EmailField(_("e-mail"), blank=True, db_default="")
    website = models.CharField(_("website"), max_length=120, blank=True, db_default="")
    legal_basis = models.TextField(_("legal basis"), blank=True)
    sender_lines = ArrayField(
        models.CharField(max_length=100), default=list, verbose_name=_("sender's address")
    )
    declaration_text = models.TextField(_("text of the declaration"))
    consent_text = models.TextField(_("text of the consent"))
    # Names of values above that are our stand-in, not the published call.
    provisional = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering: ClassVar = ["-opens_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="call_grants_within_ceiling",
                condition=Q(granted_total__gte=0, granted_total__lte=F("ceiling")),
            ),
            models.CheckConstraint(
                name="call_grant_maximum_within_ceiling",
                condition=Q(grant_maximum__gt=0, grant_maximum__lte=F("ceiling")),
            ),
            models.CheckConstraint(
                name="call_durations_in_order",
                condition=Q(min_months__gte=1, min_months__lte=F("max_months")),
            ),
            models.CheckConstraint(
                name="call_scores_in_order",
                condition=Q(lowest_score__gte=1, lowest_score__lt=F("highest_score")),
            ),
            models.CheckConstraint(
                name="call_reminds_before_signing_ends",
                condition=Q(signing_reminder_days__lt=F("signature_days")),
            ),
            models.CheckConstraint(
                name="call_reminds_of_a_deadline_twice",
                condition=Q(deadline_reminder_hours__lt=F("deadline_reminder_days") * 24),
            ),
            models.CheckConstraint(
                name="call_waits_before_a_draft_is_given", condition=Q(takeover_days__gte=3)
            ),
            models.CheckConstraint(
                name="call_takes_questions_once_it_opened",
                condition=Q(questions_until=None) | Q(questions_until__gt=F("opens_at")),
            ),
            # Awb 6:7.
            models.CheckConstraint(
                name="call_gives_six_weeks_to_object", condition=Q(objection_weeks__gte=6)
            ),
            # A form of more lines has more fields than a request may have.
            models.CheckConstraint(
                name="call_budget_fits_a_form",
                condition=Q(max_budget_lines__gte=1, max_budget_lines__lte=300),
            ),
            models.CheckConstraint(name="call_of_two_parties_or_more", condition=Q(min_parties__gte=2)),
            models.CheckConstraint(
                name="call_of_two_reviewers_or_more", condition=Q(reviewers_per_application__gte=2)
            ),
        ]

    def __str__(self) -> str:
        return self.title
