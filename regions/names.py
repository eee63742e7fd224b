"""How names are put in Dutch order and matched."""

import re
import unicodedata

from django.utils.text import slugify

_ARTICLE = re.compile(r"^(?:'[st]|s|t|de|den|het)[\s-]+", re.IGNORECASE)


def sort_name(name: str) -> str:
    """Return the name as it is ordered and searched: without accents, capitals and a leading article.

    ``'s-Gravenhage`` stands under g, ``Súdwest-Fryslân`` under sudwest.
    """
    plain = unicodedata.normalize("NFKD", name.strip().replace("\u2019", "'"))
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    return " ".join(_ARTICLE.sub("", plain).casefold().split())


def region_slug(name: str) -> str:
    """Return the name as a slug for URLs."""
    return slugify(name.replace("/", " "))
