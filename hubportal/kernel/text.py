"""Text as a reader sees it: what is invisible is dropped, what turns the direction of reading ends where it began (rule 33)."""

import re
import unicodedata
from collections.abc import Iterator

# Signs that nobody sees anywhere: controls, soft hyphens, marks of direction, tags, fillers, private use, non-characters.
_INVISIBLE = (
    r"\x00-\x08\x0e-\x1d\x1f\x7f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    r"\u2060-\u2065\u206a-\u206f\u3164\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff\U000f0000-\U0010ffff"
)
# Signs that are seen, or not, by what stands beside them: variation selectors, joiners, isolates.
_BY_PLACE = r"\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef\u200c\u200d\u2066-\u2069"
# Signs that programs write for a line end, a space or a hyphen; and those of Windows among the controls.
_INSTEAD = r"\x0b\x0c\x1e\x80-\x9f\u2028\u2029\u2800"

INVISIBLE_IN_ROWS = f"[{_INVISIBLE}]".replace(r"\x00-\x08", r"\x01-\x08").replace(r"\ud800-\udfff", "")
"""What no row may hold, as a regular expression of PostgreSQL, which itself keeps out null bytes and surrogates."""

_odd = re.compile(f"[{_INVISIBLE}{_BY_PLACE}{_INSTEAD}]")
_invisible = re.compile(f"[{_INVISIBLE}]")
_by_place = re.compile(f"[{_BY_PLACE}]")
# Symbols of Word stand for the mark of a list at the start of a line.
_bullet = re.compile(r"^([ \t]*)[\ue000-\uf8ff](?=[ \t\u00a0]+\S)", re.MULTILINE)
_variation = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_OPEN, _CLOSE = "\u2066\u2067\u2068", "\u2069"
_JOINERS = "\u200c\u200d"
# Arabic to Mongolian, where joiners shape letters.
_JOINED = range(0x0600, 0x1900)
_INSTEAD_OF = {0x0B: "\n", 0x0C: "\n", 0x1E: "-", 0x85: "\n", 0x2028: "\n", 0x2029: "\n", 0x2800: " "} | {
    code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0) if code != 0x85
}


def visible(text: str) -> str:
    """Return the text without what a reader cannot see; nothing where no sign can be seen. Idempotent.

    Line ends and bullets of word processors become line ends and bullets. An isolate that is not closed on its line
    is closed there, so that it turns no words of ours; other signs of direction are dropped.
    """
    if _odd.search(text):
        text = _bullet.sub("\\1\u2022", text.replace("\r\n", "\n").translate(_INSTEAD_OF))
        text = _invisible.sub("", text)
        if _by_place.search(text):
            text = "\n".join(_closed("".join(_in_place(line))) for line in text.split("\n"))
    return text if is_filled(text) else ""


def is_filled(text: str) -> bool:
    """Tell whether a reader sees anything of the text: what "required" means everywhere (rule 33)."""
    # Each sign once: a text of megabytes has few.
    return any(unicodedata.category(each)[0] in "LNPS" and not _odd.match(each) for each in set(text))


def _in_place(line: str) -> Iterator[str]:
    """Yield the signs without joiners and variation selectors that change nothing beside them."""
    before = ""
    for place, sign in enumerate(line):
        if sign in _JOINERS:
            after = line[place + 1 : place + 2]
            if not (_can_be_joined(before) and _can_be_joined(after)):
                continue
        elif _variation.match(sign) and not _can_vary(before, sign):
            continue
        before = sign
        yield sign


def _can_be_joined(sign: str) -> bool:
    return sign != "" and (
        ord(sign) in _JOINED or unicodedata.category(sign) in {"So", "Sk"} or sign == "\ufe0f"
    )


def _can_vary(before: str, sign: str) -> bool:
    if before == "":
        return False
    kind = unicodedata.category(before)
    if sign in "\ufe0e\ufe0f":
        return kind in {"So", "Sm", "Sk"} or before in "0123456789#*\u203c\u2049"
    # Han and Mongolian letters have variants; a Latin letter carries nothing.
    return kind == "Lo"


def _closed(line: str) -> str:
    """Return the line with each isolate closed, and none closed that was not opened."""
    kept, depth = [], 0
    for sign in line:
        if sign in _OPEN:
            depth += 1
        elif sign == _CLOSE:
            if depth == 0:
                continue
            depth -= 1
        kept.append(sign)
    return "".join(kept) + _CLOSE * depth
