"""Questions of a region in which people should have a say."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from mapping.enums import LessHeard, Plan, QuestionPhase, QuestionState, QuestionTheme
from mapping.models.involvement import ENDS_NO_EARLIER, FORM_IS_KNOWN, Involvement
from organisations.models import Organisation
from regions.models import Municipality, Region


class ParticipationQuestion(models.Model):
    """A question of a region in which people should have a say (participatievraagstuk)."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="questions")
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        related_name="questions",
        null=True,
        blank=True,
        verbose_name=_("municipality"),
        help_text=_("Leave empty if the question concerns the whole region."),
    )
    title = models.CharField(_("the question"), max_length=200)
    description = models.TextField(_("explanation"), max_length=3000, blank=True)
    theme = models.CharField(_("theme"), max_length=13, choices=QuestionTheme, blank=True, db_default="")
    plans = ArrayField(
        models.CharField(max_length=10, choices=Plan),
        default=list,
        db_default=Value("{}"),
        blank=True,
        verbose_name=_("accords and plans"),
    )
    phase = models.CharField(_("phase"), max_length=9, choices=QuestionPhase, blank=True, db_default="")
    asked_by = models.CharField(_("who asks"), max_length=150, blank=True, db_default="")
    target_groups = models.CharField(_("target groups"), max_length=300, blank=True, db_default="")
    less_heard = ArrayField(
        models.CharField(max_length=10, choices=LessHeard),
        default=list,
        db_default=Value("{}"),
        blank=True,
        verbose_name=_("less-heard voices"),
    )
    until_on = models.DateField(_("until when"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=7, choices=QuestionState, default=QuestionState.OPEN, db_default="open"
    )
    # Visitors of the region see it while it is open: never who is involved.
    is_public = models.BooleanField(_("public"), default=False, db_default=False)
    how_to_join = models.TextField(_("how to take part"), max_length=1000, blank=True, db_default="")
    organisations = models.ManyToManyField(Organisation, through="Engagement", related_name="questions")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(editable=False)
    # The optimistic version of it and of who is involved, and who wrote that last.
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    changed_at = models.DateTimeField(null=True, editable=False)
    # What the page chose when the question was added: a second click with the same adds nothing.
    added_with = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("participation question")
        verbose_name_plural = _("participation questions")
        ordering: ClassVar = ["title", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="question_added_once",
                fields=["region", "added_with"],
                condition=Q(added_with__isnull=False),
            ),
            models.CheckConstraint(
                name="question_of_a_known_theme", condition=Q(theme__in=["", *QuestionTheme.values])
            ),
            models.CheckConstraint(
                name="question_of_known_plans", condition=Q(plans__contained_by=Plan.values)
            ),
            models.CheckConstraint(
                name="question_in_a_known_phase", condition=Q(phase__in=["", *QuestionPhase.values])
            ),
            models.CheckConstraint(
                name="question_of_known_less_heard", condition=Q(less_heard__contained_by=LessHeard.values)
            ),
            models.CheckConstraint(
                name="question_in_a_known_state", condition=Q(state__in=QuestionState.values)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def plan_labels(self) -> list[str]:
        """Return the accords and plans that it belongs to, as a person reads them."""
        return [str(Plan(each).label) for each in self.plans]

    @property
    def voice_labels(self) -> list[str]:
        """Return whose voices are heard less in it, as a person reads them."""
        return [str(LessHeard(each).label) for each in self.less_heard]

    @property
    def told(self) -> list[tuple[Any, str]]:
        """Return what is known beside theme and plans, each with its label."""
        voices = ", ".join(self.voice_labels)
        phase = str(QuestionPhase(self.phase).label) if self.phase else ""
        facts = [
            (_("Phase"), phase),
            (_("Who asks"), self.asked_by),
            (_("Target groups"), self.target_groups),
            (_("Less-heard voices"), voices),
        ]
        return [(label, text) for label, text in facts if text]


class Engagement(Involvement):
    """One form in which an organisation is involved in a question (betrokkenheid); it may have several."""

    question = models.ForeignKey(ParticipationQuestion, on_delete=models.CASCADE, related_name="engagements")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="engagements")

    class Meta:
        verbose_name = _("involvement")
        verbose_name_plural = _("involvements")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="engagement_once_per_form", fields=["question", "organisation", "form"]
            ),
            models.CheckConstraint(name="engagement_of_a_known_form", condition=FORM_IS_KNOWN),
            models.CheckConstraint(name="engagement_ends_no_earlier", condition=ENDS_NO_EARLIER),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.question_id}: {self.form}"
