"""The questions of an application form."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from calls.models.call import Call
from calls.models.criterion import Criterion


class SectionSpec(models.Model):
    """A section that an application of this call answers (onderdeel)."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="sections")
    key = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=120)
    question = models.TextField(_("question"))
    max_characters = models.PositiveIntegerField(_("most characters"), default=4000)
    is_required = models.BooleanField(_("required"), default=True)
    # Whether public questions of the region are offered there, to put in the text.
    offers_questions = models.BooleanField(default=False, db_default=False)
    # What reviewers weigh in what is written here.
    criteria = models.ManyToManyField(Criterion, related_name="sections", blank=True)
    # Short answers that were made up, and say so by their names.
    examples = ArrayField(
        models.CharField(_("example"), max_length=600), default=list, blank=True, db_default=Value("{}")
    )
    provisional = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="section_spec_once_per_call", fields=["call", "key"]),
            models.CheckConstraint(
                name="section_spec_allows_some_text", condition=models.Q(max_characters__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return self.title
