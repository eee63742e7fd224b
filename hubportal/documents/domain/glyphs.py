"""Signs that the fonts of documents have, and what stands there for the others."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from fontTools.ttLib import TTFont

_FONTS = ("SourceSans3-Regular.ttf", "SourceSans3-It.ttf", "SourceSans3-Semibold.ttf")
# Signs without a shape of their own: controls but line ends and tabs, and what turns the direction of the text after it.
_DROPPED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)


@lru_cache(maxsize=1)
def _shown() -> frozenset[int]:
    """Return the signs that each of the fonts has, and white space."""
    folder = Path(settings.STATICFILES_DIRS[0]) / "fonts" / "ttf"
    covered = []
    for name in _FONTS:
        with TTFont(folder / name, lazy=True) as font:
            covered.append(set(font.getBestCmap() or {}))
    return frozenset(set.intersection(*covered) | set(map(ord, "\t\n \u00a0\u00ad\u2028")))


@lru_cache(maxsize=1)
def _missing() -> re.Pattern[str]:
    """Return the pattern of a row of signs that the fonts do not have."""
    ranges, start = [], 0
    for code in [*sorted(_shown()), 0x110000]:
        if code > start:
            ranges.append(f"{re.escape(chr(start))}-{re.escape(chr(code - 1))}")
        start = code + 1
    return re.compile(f"[{''.join(ranges)}]+")


# More than these are not named one by one.
_MOST_NAMED = 5
_LONGEST_LINE = 10_000


def lacking(text: str) -> list[str]:
    """Return the signs of a text that no font of documents has, each once, in their order."""
    return list(dict.fromkeys("".join(_missing().findall(_cleaned(text)))))


def lacking_in_words(text: str) -> str:
    """Return a sentence that names the signs that documents cannot show; empty if they can show all (rule 33)."""
    signs = lacking(text)
    if not signs:
        return ""
    named = [f"{each} (U+{ord(each):04X})" for each in signs[:_MOST_NAMED]]
    more = ["…"] * (len(signs) > _MOST_NAMED)
    sentence = _("Our letters cannot show %(signs)s. Leave it out or write it in another way.")
    return str(sentence % {"signs": ", ".join([*named, *more])})


def refuse_unprintable(text: str) -> None:
    """Refuse a line with signs that documents cannot show, and name them (rule 33). Raises ``ValidationError``.

    What is longer than any line is for its field to refuse.
    """
    if len(text) <= _LONGEST_LINE and (sentence := lacking_in_words(text)):
        raise ValidationError(sentence, code="unprintable")


def printable(text: str) -> str:
    """Return a text as documents show it: a row of signs that no font has is named, ``[U+4E2D U+6587]``.

    What has no shape goes, so that nobody turns the direction of the words around.
    """
    return _missing().sub(
        lambda row: f"[{' '.join(f'U+{ord(each):04X}' for each in row[0])}]", _cleaned(text)
    )


def printable_words(content: Any) -> Any:
    """Return what a document says, lists and mappings of texts, with each text as ``printable`` makes it."""
    if isinstance(content, str):
        return printable(content)
    if isinstance(content, dict):
        return {key: printable_words(value) for key, value in content.items()}
    return [printable_words(each) for each in content] if isinstance(content, list | tuple) else content


def _cleaned(text: str) -> str:
    # One sign for a letter and its accent: fonts have the letter with its accent.
    return unicodedata.normalize("NFC", _DROPPED.sub("", text.replace("\r\n", "\n")))
