"""The rows of the pictures app."""

from pictures.models.earlier_text import EarlierText
from pictures.models.regional_picture import RegionalPicture
from pictures.models.regional_text import RegionalText

__all__ = ["EarlierText", "RegionalPicture", "RegionalText"]
