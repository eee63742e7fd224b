"""The rows of the pictures app."""

from pictures.models.regional_picture import RegionalPicture
from pictures.models.regional_text import RegionalText

__all__ = ["RegionalPicture", "RegionalText"]
