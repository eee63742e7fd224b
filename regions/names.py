"""How names are put in Dutch order and matched."""

import re
import unicodedata

from django.utils.text import slugify

# What keyboards, phones and Word make of an apostrophe.
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u00b4`\u2032\u02bc\u02b9\u02bb\uff07", "'"))
MAX_SORT_NAME = 150
_PARTS = re.compile(r"[\s/.,()'\u2010-\u2015-]+")
_ARTICLES = frozenset({"s", "t", "de", "den", "het"})
# Letters that no decomposition takes apart.
_LETTERS = str.maketrans({"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe"})
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


def search_key(name: str) -> str:
    """Return the letters and digits of a name, without accents and capitals: how it is compared with what is typed."""
    plain = unicodedata.normalize("NFKD", name.translate(_APOSTROPHES).translate(_LETTERS))
    return "".join(each for each in plain.casefold() if each.isalnum())


def keys_of(name: str) -> dict[str, bool]:
    """Return what somebody may type of a name: from each of its words to its end, and whether that is all of it.

    An article that was left out lacks nothing: ``Gravenhage`` is all of ``'s-Gravenhage``, ``Zee`` a part of ``Wijk aan Zee``.
    """
    words = [each for each in _PARTS.split(name.translate(_APOSTROPHES)) if search_key(each)]
    keys: dict[str, bool] = {}
    is_whole = True
    for first, word in enumerate(words):
        keys.setdefault(search_key("".join(words[first:])), is_whole)
        is_whole = is_whole and search_key(word) in _ARTICLES
    return keys


def region_slug(name: str) -> str:
    """Return the name as a slug for URLs."""
    return slugify(name.replace("/", " "))
