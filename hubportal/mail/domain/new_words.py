"""What somebody newly wrote in an answer by mail, and what their program set below it."""

import re
from typing import NamedTuple

import quotequail

# What is looked through for a quote: more is no answer, and would cost time.
_LONGEST, _MOST_LINES = 100_000, 1500
# A paragraph may be one line. What introduces a quote is short, and looking costs the square of the length: only its beginning is looked at.
_LONG_LINE, _BEGINNING = 400, 40
# No text that can be seen has this sign.
_MARK = "\ue000"
_MARKED = re.compile(f"{_MARK}(\\d+){_MARK}")
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_QUOTED = re.compile(r"^\s*>")
_FIELD = re.compile(
    r"^\W{0,2}(?:van|from|aan|to|verzonden|sent|datum|date|onderwerp|subject|cc)\W{0,2}:", re.IGNORECASE
)
# Whoever quotes names a mailbox, marks the lines, or sets the head of the mail before it.
_INTRODUCED_WITHIN, _FEWEST_FIELDS = 6, 3
_RULE = re.compile(r"^\s*(?:_{10,}|-{2,}[^-\n]{0,60}-{2,})\s*$")


class NewWords(NamedTuple):
    """What was newly written, and the rest of the mail."""

    text: str
    rest: str


def new_words(text: str) -> NewWords:
    """Part an answer from the quote around it and the signature below it; nothing is in neither.

    Who wrote between the lines of the quote is kept whole: an answer makes no sense without its question.
    """
    whole = text.replace("\r\n", "\n").replace("\r", "\n").replace(_MARK, "")
    above, below = _parted(whole)
    found = _SIGNATURE.search(above)
    if found:
        above, below = above[: found.start()], f"{above[found.start() :].strip()}\n\n{below}"
    if not above.strip():
        return NewWords(whole.strip(), "")
    return NewWords(above.strip(), below.strip())


def _parted(whole: str) -> tuple[str, str]:
    lines = whole.split("\n")
    if len(whole) > _LONGEST or len(lines) > _MOST_LINES:
        return whole, ""
    short = (
        line if len(line) <= _LONG_LINE else f"{line[:_BEGINNING]}{_MARK}{number}{_MARK}"
        for number, line in enumerate(lines)
    )
    above, below = _parted_lines("\n".join(short))

    def restored(text: str) -> str:
        return _MARKED.sub(lambda found: lines[int(found[1])][_BEGINNING:], text)

    return restored(above), restored(below)


def _parted_lines(whole: str) -> tuple[str, str]:
    found = quotequail.unwrap(whole)
    if found is None:
        return whole, ""
    top, bottom = found.get("text_top", "").strip(), found.get("text_bottom", "").strip()
    if not top and bottom and whole.rstrip().endswith(bottom):
        if any(_QUOTED.match(each) for each in bottom.split("\n")):
            return whole, ""
        # Written below what is quoted, as some do.
        return bottom, whole.rstrip().removesuffix(bottom)
    if bottom or not top or not whole.lstrip().startswith(top):
        return whole, ""
    rest = whole.lstrip().removeprefix(top)
    return (top, rest) if _is_quoted(rest) else (whole, "")


def _is_quoted(rest: str) -> bool:
    """Tell whether it begins as mail programs quote: who writes "On Monday the council wrote:" themselves loses nothing by it."""
    begin = [each for each in rest.split("\n") if each.strip()][:_INTRODUCED_WITHIN]
    fields = sum(1 for each in begin if _FIELD.match(each.strip()))
    return (
        any(_QUOTED.match(each) or _RULE.match(each) for each in begin[:3])
        or fields >= _FEWEST_FIELDS
        or any("@" in each for each in begin[:2])
    )
