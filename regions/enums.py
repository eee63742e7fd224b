"""Kinds of names by which a region is found, and how it was found."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlaceKind(models.TextChoices):
    """What a name is the name of."""

    REGION = "region", _("region")
    MUNICIPALITY = "municipality", _("municipality")
    PLACE = "place", _("place")
    # Names that are not the official one of anything today.
    OTHER = "other", _("other name")
    FORMER = "former", _("former municipality")
    PROVINCE = "province", _("province")


class FoundBy(models.IntegerChoices):
    """By what a region was found; the lower, the surer."""

    POSTCODE = 0, _("postcode")
    NAME = 1, _("name")
    OTHER_NAME = 2, _("other name")
    BEGINNING = 3, _("beginning of a word")
    SPELLING = 4, _("almost the same spelling")
