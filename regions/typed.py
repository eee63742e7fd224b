"""Reading what somebody typed to find a region: a postcode in any writing, a name, or an address with either."""

import re
from dataclasses import dataclass

from regions.names import search_key

# The two letters may stand apart, and a country before it: "NL-5406 a b".
_POSTCODE = re.compile(
    r"(?<!\d)([1-9]\d)[\s.]?(\d{2})[\s.-]*[A-Za-z][\s.-]?[A-Za-z](?![A-Za-z\u00c0-\u024f])"
)
_FOUR_DIGITS = re.compile(r"(?<!\d)([1-9]\d{3})(?!\d)")
_ONLY_DIGITS = re.compile(r"[\s.-]*([1-9]\d)[\s.]?(\d{2})[\s.-]*")
# Words of an address that may be one name: "Ouderkerk aan den IJssel" has four.
_MOST_WORDS = 7


@dataclass(frozen=True)
class Typed:
    """What was typed, taken apart.

    ``whole`` is the key of all of it, empty beside a postcode. ``parts`` are keys of what may be a name in it, the longest first:
    the end of an address. ``in_brackets`` are a name and the municipality after it, both as keys. ``digits`` are the first four of a postcode;
    ``are_sure`` tells that they cannot be the number of a house.
    """

    whole: str
    parts: tuple[str, ...] = ()
    in_brackets: tuple[tuple[str, str], ...] = ()
    digits: int | None = None
    are_sure: bool = False


def read(text: str) -> Typed:
    """Take apart what somebody typed to find a region."""
    if alone := _ONLY_DIGITS.fullmatch(text):
        return Typed("", digits=int(alone[1] + alone[2]), are_sure=True)
    if found := _POSTCODE.search(text):
        rest = text[: found.start()] + "," + text[found.end() :]
        return Typed("", _last_words(rest), digits=int(found[1] + found[2]), are_sure=True)
    whole = search_key(text)
    if text.rstrip().endswith(")"):
        return Typed(whole, in_brackets=_in_brackets(text.strip()[:-1]))
    if "," in text or any(each.isdigit() for each in text):
        digits = _FOUR_DIGITS.search(text)
        return Typed(whole, _last_words(text), digits=int(digits[1]) if digits else None)
    return Typed(whole)


def _in_brackets(text: str) -> tuple[tuple[str, str], ...]:
    """Return each way to part a name from its municipality: "Bergen (NH.) (Bergen (NH.)" has two brackets that may do."""
    opening = [number for number, each in enumerate(text) if each == "("][:4]
    found = [(search_key(text[:number]), search_key(text[number + 1 :])) for number in opening]
    return tuple(each for each in found if all(each))


def _last_words(text: str) -> tuple[str, ...]:
    """Return what ends an address and may be the name of its place: the last words, the longest row of them first.

    The country after it, and words with digits, are no part of a name.
    """
    words = [each for each in re.split(r"[\s,;]+", text) if search_key(each)]
    while words and search_key(words[-1]) in {"nederland", "netherlands", "nl", "thenetherlands"}:
        words.pop()
    with_digits = [number for number, each in enumerate(words) if any(letter.isdigit() for letter in each)]
    last = words[with_digits[-1] + 1 :] if with_digits else words
    # "5406 Uden" has its digits before the name, "Uden 5406" after it.
    if not last and with_digits:
        last = words[with_digits[-2] + 1 if len(with_digits) > 1 else 0 : with_digits[-1]]
    last = last[-_MOST_WORDS:]
    return tuple(search_key("".join(last[first:])) for first in range(len(last)))
