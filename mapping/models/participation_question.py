"""Questions of a region in which people should have a say."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mapping.enums import ParticipationForm
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
            )
        ]

    def __str__(self) -> str:
        return self.title


class Engagement(models.Model):
    """How an organisation is involved in a question (betrokkenheid)."""

    question = models.ForeignKey(ParticipationQuestion, on_delete=models.CASCADE, related_name="engagements")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="engagements")
    form = models.CharField(_("form of participation"), max_length=10, choices=ParticipationForm)

    class Meta:
        verbose_name = _("involvement")
        verbose_name_plural = _("involvements")
        constraints: ClassVar = [
            models.UniqueConstraint(name="engagement_once_per_question", fields=["question", "organisation"]),
            models.CheckConstraint(
                name="engagement_of_a_known_form", condition=Q(form__in=ParticipationForm.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.question_id}: {self.form}"
