"""In which questions people take part."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from mapping.models import ParticipationQuestion
from mapping.models.involvement import ENDS_NO_EARLIER, FORM_IS_KNOWN, Involvement
from people.models.mapped_person import MappedPerson


class PersonEngagement(Involvement):
    """One form in which somebody who agreed to be kept takes part in a question (betrokkenheid). It goes with the person."""

    question = models.ForeignKey(ParticipationQuestion, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(MappedPerson, on_delete=models.CASCADE, related_name="engagements")

    class Meta:
        verbose_name = _("part of a person in a question")
        verbose_name_plural = _("parts of people in questions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="person_engagement_once_per_form", fields=["person", "question", "form"]
            ),
            models.CheckConstraint(name="person_engagement_of_a_known_form", condition=FORM_IS_KNOWN),
            models.CheckConstraint(name="person_engagement_ends_no_earlier", condition=ENDS_NO_EARLIER),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.question_id}: {self.form}"
