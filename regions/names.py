"""How names are put in Dutch order and matched."""

import re
import unicodedata

from django.utils.text import slugify

# What keyboards, phones and Word make of an apostrophe.
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u00b4`\u2032\u02bc\u02b9\u02bb\uff07", "'"))
MAX_SORT_NAME = 150
_PARTS = re.compile(r"[\s/.'\u2010-\u2015-]+")
_ARTICLE = re.compile(r"^(?:'[st]|s|t|de|den|het)[\s-]+", re.IGNORECASE)


def sort_name(name: str) -> str:
    """Return the name as it is ordered and searched: without accents, capitals and a leading article.

    ``'s-Gravenhage`` stands under g, ``Súdwest-Fryslân`` under sudwest. As long as the database keeps: folded, a few
    letters become two or more.
    """
    plain = unicodedata.normalize("NFKD", name.strip().translate(_APOSTROPHES))
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    return " ".join(_ARTICLE.sub("", plain).casefold().split())[:MAX_SORT_NAME]


def squeezed(name: str) -> str:
    """Return the name as ``sort_name`` gives it, without what parts its words: hyphens, spaces, dots."""
    return _PARTS.sub("", sort_name(name))


def region_slug(name: str) -> str:
    """Return the name as a slug for URLs."""
    return slugify(name.replace("/", " "))
