"""Taking part in a question, whoever does."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mapping.enums import ParticipationForm

FORM_IS_KNOWN: Any = Q(form__in=ParticipationForm.values)
ENDS_NO_EARLIER: Any = Q(since_on=None) | Q(until_on=None) | Q(until_on__gte=F("since_on"))


class Involvement(models.Model):
    """One form of participation of somebody in a question: since and until when, and how it went."""

    form = models.CharField(_("form of participation"), max_length=10, choices=ParticipationForm)
    since_on = models.DateField(_("since"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)
    how_it_went = models.TextField(_("how it went"), max_length=1000, blank=True, db_default="")

    class Meta:
        abstract: ClassVar = True
