"""Which pictures there are, and as what files."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PictureKind(models.TextChoices):
    """What a picture shows; the value is its name in addresses."""

    WHITE_SPOTS = "witte-vlekken", _("White spots")
    QUESTIONS = "vragen-en-vormen", _("Questions and forms of participation")
    NETWORK = "netwerk", _("Who works with whom")


class FileFormat(models.TextChoices):
    """As what a picture or its table can be downloaded."""

    SVG = "svg", "SVG"
    PNG = "png", "PNG"
    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"


class Readers(models.TextChoices):
    """For whom a regional picture is made."""

    REGION = "region", _("for the kwartiermakers: all of the map")
    EVERYBODY = "everyone", _("for everybody: public facts only")
