"""Words that tell of somebody's health: said at the field, never refused, since a word alone proves nothing (GDPR art. 9)."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from hubportal.forms import PlainTextField
from hubportal.kernel.text import visible

# Beginnings of words, and whole words (with a space at their end). Of the work of organisations ("zorg", "ggz", "psycholoog")
# there are none: who works in care says nothing of their own health.
_BEGINNINGS = (
    *(
        "adhd",
        "aids",
        "alcoholist",
        "alzheimer",
        "amput",
        "angststoornis",
        "anorexia",
        "artrose",
        "astma",
        "autis",
    ),
    *(
        "beroerte",
        "bipola",
        "blindheid",
        "borderline",
        "boulimi",
        "burn-out",
        "burnout",
        "chemokuur",
        "chemo ",
    ),
    *(
        "chronisch ziek",
        "copd",
        "dement",
        "depressi",
        "diabet",
        "diagnos",
        "doofheid",
        "down-syndroom",
        "dwarslaesie",
    ),
    *(
        "epilep",
        "gehandicapt",
        "handicap",
        "hartaanval",
        "hartfalen",
        "hartinfarct",
        "hersenbloeding",
        "herseninfarct",
    ),
    *(
        "hersenletsel",
        "hiv",
        "invalid",
        "kanker",
        "leukemie",
        "long covid",
        "medicatie",
        "medicijn",
        "migraine",
    ),
    *(
        "ms-patiënt",
        "multiple sclerose",
        "niet-aangeboren",
        "opgenomen ",
        "overspannen ",
        "parkinson",
        "psychose",
    ),
    *(
        "psychotisch",
        "ptss",
        "reuma",
        "rolstoel",
        "schizofreni",
        "slechthorend",
        "slechtziend",
        "stoornis",
        "suïcid",
    ),
    *(
        "suicid",
        "syndroom",
        "trauma",
        "tumor",
        "verslaafd",
        "verslaving",
        "verstandelijk beperkt",
        "visueel beperkt",
    ),
    *("ziek ", "zieke ", "ziekte", "zwanger"),
    *("cancer", "disabilit", "disabled ", "illness", "wheelchair"),
)
_FOUND = re.compile(
    r"\b(?:"
    + "|".join(re.escape(each.strip()) + (r"\b" if each.endswith(" ") else r"\w*") for each in _BEGINNINGS)
    + ")",
    re.IGNORECASE,
)


def health_words_in(text: str) -> list[str]:
    """Return the words of a text that may tell of somebody's health, each once, as they were typed."""
    return list(dict.fromkeys(found[0].lower() for found in _FOUND.finditer(text)))


class NoHealthField(PlainTextField):
    """A text about a person, in which health has no place; words that tell of it are said at the field."""

    def remark(self, text: Any) -> str:
        """Return a sentence about words that may tell of health; empty without any."""
        found = health_words_in(visible(str(text or "")))
        if not found:
            return super().remark(text)
        return _(
            "May this tell of somebody's health? You may not keep that, not even with consent: %(words)s."
        ) % {"words": ", ".join(found[:5])}
