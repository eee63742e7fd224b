"""The structure of a letter's words, which preview and PDF show alike.

A paragraph or item is a text, or a list of texts and open places (``{"fill": "dated_on"}``) while the day of sending
is not known. Typed content is always plain text, whatever characters it contains.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from letters.domain.placeholders import AT_SENDING, pieces

Content = dict[str, Any]
Run = str | dict[str, str]
Words = str | list[Run]

_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n\s*")


def section(
    heading: str = "",
    *,
    paragraphs: Iterable[Words] = (),
    items: Iterable[Words] = (),
    rows: Iterable[Sequence[str]] = (),
    head: Sequence[str] = (),
    numbers: int = 1,
) -> Content:
    """Return a section: its heading, then paragraphs, a list, and rows of label and value, or of columns with a head.

    The last ``numbers`` columns of a table with a head hold numbers.
    """
    return {
        "heading": heading,
        "paragraphs": list(paragraphs),
        "items": list(items),
        "rows": [list(each) for each in rows],
        **({"head": list(head)} if head else {}),
        **({"numbers": numbers} if head and numbers > 1 else {}),
    }


def paragraphs_of(typed: str) -> list[str]:
    """Return the paragraphs of what somebody typed; an empty line parts them."""
    blocks = _EMPTY_LINE.split(typed.replace("\r\n", "\n").strip())
    return [each.strip() for each in blocks]


def section_of(heading: str, body: str, values: Mapping[str, str], *, rows: Iterable[Any] = ()) -> Content:
    """Return a section of a call's text with the values in it, and open places for the day of sending.

    Lines that start with ``- `` are a list. A value of several paragraphs brings them along, an item each in a list.
    """
    paragraphs: list[Words] = []
    items: list[Words] = []
    for block in filter(None, paragraphs_of(body)):
        lines = block.splitlines()
        if all(each.startswith("- ") for each in lines):
            items += [item for each in lines for item in _paragraphs(each[2:].strip(), values)]
        else:
            paragraphs += _paragraphs(" ".join(each.strip() for each in lines), values)
    return section(heading, paragraphs=paragraphs, items=items, rows=rows)


def _runs(text: str, values: Mapping[str, str]) -> list[Run]:
    return [
        each
        if isinstance(each, str)
        else {"fill": each.name}
        if each.name in AT_SENDING
        else values[each.name]
        for each in pieces(text)
    ]


def _paragraphs(text: str, values: Mapping[str, str]) -> list[Words]:
    found: list[list[Run]] = [[]]
    for run in _runs(text, values):
        first, *others = [run] if isinstance(run, dict) else _EMPTY_LINE.split(run.replace("\r\n", "\n"))
        found[-1].append(first)
        found += [[each] for each in others]
    return [_joined(each) for each in found]


def _joined(runs: list[Run]) -> Words:
    if all(isinstance(each, str) for each in runs):
        return "".join(each for each in runs if isinstance(each, str)).strip()
    return runs


def filled(content: Content, days: Mapping[str, str]) -> Content:
    """Return the words of a letter with the open places filled in, by name."""
    return {
        **content,
        "dated_on": days["dated_on"],
        "sections": [_filled(each, days) for each in content["sections"]],
    }


def _filled(part: Content, days: Mapping[str, str]) -> Content:
    return {**part, **{key: [_closed(each, days) for each in part[key]] for key in ("paragraphs", "items")}}


def _closed(words: Words, days: Mapping[str, str]) -> str:
    if isinstance(words, str):
        return words
    return "".join(each if isinstance(each, str) else days[each["fill"]] for each in words)


def names_open(content: Content, name: str) -> bool:
    """Tell whether a place of this name is open somewhere in the words."""
    return any(
        {"fill": name} in words
        for part in content["sections"]
        for words in (*part["paragraphs"], *part["items"])
        if isinstance(words, list)
    )


def plain_text(content: Content) -> str:
    """Return every word of the sections, a line for each paragraph, item, label and value."""
    lines = []
    for part in content["sections"]:
        lines += [part["heading"], *(label_or_value for row in part["rows"] for label_or_value in row)]
        for words in (*part["paragraphs"], *part["items"]):
            runs = [words] if isinstance(words, str) else words
            lines.append("".join(each for each in runs if isinstance(each, str)))
    return "\n".join(lines)
