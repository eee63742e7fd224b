"""The kinds of organisations."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.Model):
    """A kind of organisation on the map, such as a client council (soort)."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_in_english = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("kind of organisation")
        verbose_name_plural = _("kinds of organisations")
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return self.name if get_language() == settings.LANGUAGE_CODE else self.name_in_english
