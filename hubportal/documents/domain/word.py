"""The text of a DOCX, paragraph by paragraph, with what is a heading and what an item of a list.

Files of strangers are read in a process of their own, see ``bounded.py``: this module runs as a program, and knows neither
Django nor the rest of the portal.
"""

import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace
from typing import Any

_archives = SimpleNamespace(**run_path(str(Path(__file__).with_name("archives.py"))))

# Why a file is refused; nothing when it is not.
DAMAGED, COSTLY, ENCRYPTED = _archives.DAMAGED, _archives.COSTLY, _archives.ENCRYPTED
MACROS, OLD, OPEN_DOCUMENT, PDF, OTHER = "macros", "old", "open_document", "pdf", "other"
MAX_BLOCKS = 20_000

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NUMBERING = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering"
# Their names in the files of Word are English in every language of Word; other programs write their own.
_HEADING = re.compile(r"(?:heading|kop|überschrift|titre|título|encabezado)\s*([1-9])", re.IGNORECASE)
# What one does not read in the document: taken out with changes tracked, or how something looks.
_UNREAD = {f"{_W}{each}" for each in ("del", "moveFrom", "pPr", "rPr", "sectPr", "instrText", "delText")}
_UNREAD.add(_FALLBACK)
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_PICTURES = (f"{_W}drawing", f"{_W}pict", f"{_W}object")
_NOTES = (f"{_W}footnoteReference", f"{_W}endnoteReference")
# At which number a list that somebody really made begins, at most.
_HIGHEST_START = 9999
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class RefusedDocument(Exception):  # noqa: N818 -- it names what the file is
    """A document that is not read, with the reason."""


def read(data: bytes, *, max_unpacked: int, max_letters: int) -> dict[str, Any]:
    """Return the ``blocks`` of a DOCX and whether it has ``pictures`` or ``notes``, or why it is ``refused``.

    A block is a paragraph or a row of a table: its ``text``, its ``level`` as a heading (0 for none) and the ``mark`` of an
    item before it.
    """
    try:
        _check_kind(data)
        _archives.check_archive(data, max_unpacked=max_unpacked)
        _check_entries(data)
        return _read(data, max_letters)
    except (RefusedDocument, _archives.RefusedArchive) as refused:
        return {"refused": str(refused)}
    except MemoryError:
        return {"refused": COSTLY}
    except Exception:  # noqa: BLE001 -- the library answers a broken file with whatever breaks first
        return {"refused": DAMAGED}


def _check_kind(data: bytes) -> None:
    if data.startswith(b"%PDF-"):
        raise RefusedDocument(PDF)
    if data.startswith(_archives.OLD_OR_LOCKED):
        # What is behind a password stands in a stream of this name, in two bytes per letter.
        raise RefusedDocument(ENCRYPTED if "EncryptedPackage".encode("utf-16-le") in data else OLD)
    if not data.startswith(b"PK"):
        raise RefusedDocument(OTHER)


def _check_entries(data: bytes) -> None:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = {each.lower() for each in archive.namelist()}
        if "word/document.xml" not in names and "mimetype" in names:
            raise RefusedDocument(OPEN_DOCUMENT)
        if "[content_types].xml" not in names or not any(each.startswith("word/") for each in names):
            raise RefusedDocument(OTHER)
        if any(each.rpartition("/")[2] == "vbaproject.bin" for each in names):
            raise RefusedDocument(MACROS)
        if b"macroEnabled" in archive.read("[Content_Types].xml"):
            raise RefusedDocument(MACROS)


def _read(data: bytes, max_letters: int) -> dict[str, Any]:
    # Only here: most files that are refused never come to it.
    from docx import Document

    document = Document(BytesIO(data))
    body = document.element.body
    reader = _Reader(document.styles.element, _numbering(document.part))
    blocks: list[dict[str, Any]] = []
    for block in reader.blocks(body):
        # What stands before an item is read too: a list may begin with a number of thousands of digits.
        max_letters -= len(block["text"]) + len(block["mark"])
        if max_letters < 0 or len(blocks) >= MAX_BLOCKS:
            raise RefusedDocument(COSTLY)
        blocks.append(block)
    return {
        "blocks": blocks,
        "pictures": next(body.iter(*_PICTURES), None) is not None,
        "notes": next(body.iter(*_NOTES), None) is not None,
    }


def _numbering(part: Any) -> Any:
    try:
        return part.part_related_by(_NUMBERING).element
    except KeyError:
        return None


def text_of(element: Any) -> str:
    """Return what one reads in an element: also what was put in with changes tracked, and in boxes of text."""
    return "".join(_pieces(element))


def _pieces(element: Any) -> Iterator[str]:
    for each in element:
        if each.tag in {f"{_W}t", f"{_M}t"}:
            yield each.text or ""
        elif each.tag in _SIGNS:
            yield _SIGNS[each.tag]
        elif each.tag in _UNREAD or _is_prompt(each):
            continue
        elif each.tag == f"{_W}p":
            yield "\n" + text_of(each)
        else:
            yield from _pieces(each)


def _is_prompt(element: Any) -> bool:
    """Tell whether a field to fill in shows only what it asks."""
    return element.tag == f"{_W}sdt" and element.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None


class _Reader:
    """Reads paragraphs with the styles and lists of one document."""

    def __init__(self, styles: Any, numbering: Any) -> None:
        self.styles = {each.get(f"{_W}styleId"): each for each in styles.iter(f"{_W}style")}
        self.lists = _Lists(numbering)

    def blocks(self, element: Any) -> Iterator[dict[str, Any]]:
        """Yield each paragraph and each row of a table, in their order."""
        for each in element:
            if each.tag == f"{_W}p":
                yield self._paragraph(each)
            elif each.tag == f"{_W}tbl":
                yield from map(_row, _own(each, f"{_W}tr"))
            elif each.tag not in _UNREAD and not _is_prompt(each):
                yield from self.blocks(each)

    def _paragraph(self, paragraph: Any) -> dict[str, Any]:
        level = self._level(paragraph)
        text = text_of(paragraph)
        number, depth = self._listed(paragraph)
        mark = self.lists.mark(number, depth) if number and text.strip() and not level else ""
        return {"text": text, "level": level, "mark": mark}

    def _level(self, paragraph: Any) -> int:
        for place in self._places(paragraph):
            outline = place.find(f"{_W}pPr/{_W}outlineLvl")
            if outline is not None:
                level = int(outline.get(f"{_W}val")) + 1
                return level if 1 <= level <= 9 else 0
            name = place.find(f"{_W}name")
            if name is not None and (found := _HEADING.fullmatch(name.get(f"{_W}val", "").strip())):
                return int(found[1])
        return 0

    def _listed(self, paragraph: Any) -> tuple[str, int]:
        """Return the list that a paragraph is an item of, nothing for none, and how deep in it."""
        depth = None
        for place in self._places(paragraph):
            found = place.find(f"{_W}pPr/{_W}numPr")
            if found is None:
                continue
            level, number = found.find(f"{_W}ilvl"), found.find(f"{_W}numId")
            if depth is None and level is not None:
                depth = int(level.get(f"{_W}val"))
            if number is not None:
                return number.get(f"{_W}val"), min(depth or 0, 8)
        return "", 0

    def _places(self, paragraph: Any) -> Iterator[Any]:
        """Yield the paragraph itself, its style and what that is based on."""
        yield paragraph
        chosen = paragraph.find(f"{_W}pPr/{_W}pStyle")
        seen = set()
        while chosen is not None and (name := chosen.get(f"{_W}val")) not in seen and name in self.styles:
            seen.add(name)
            yield self.styles[name]
            chosen = self.styles[name].find(f"{_W}basedOn")


class _Lists:
    """Counts the items of the lists of one document."""

    def __init__(self, numbering: Any) -> None:
        self.kinds: dict[str, dict[int, tuple[str, int]]] = {}
        self.counted: dict[str, dict[int, int]] = {}
        if numbering is None:
            return
        shared = {each.get(f"{_W}abstractNumId"): each for each in numbering.iter(f"{_W}abstractNum")}
        for number in numbering.iter(f"{_W}num"):
            chosen = number.find(f"{_W}abstractNumId")
            kind = shared.get(chosen.get(f"{_W}val")) if chosen is not None else None
            levels = () if kind is None else kind.iter(f"{_W}lvl")
            self.kinds[number.get(f"{_W}numId")] = dict(map(_kind_of_level, levels))

    def mark(self, number: str, depth: int) -> str:
        """Return what stands before the next item of a list; nothing for a list that is not there."""
        if number not in self.kinds:
            return ""
        form, start = self.kinds[number].get(depth, ("bullet", 1))
        indent = "  " * depth
        if form in {"bullet", "none"}:
            return f"{indent}- "
        counted = self.counted.setdefault(number, {})
        counted[depth] = counted.get(depth, start - 1) + 1
        for deeper in [each for each in counted if each > depth]:
            del counted[deeper]
        return f"{indent}{_numbered(form, counted[depth])}. "


def _kind_of_level(level: Any) -> tuple[int, tuple[str, int]]:
    form, begins = level.find(f"{_W}numFmt"), level.find(f"{_W}start")
    start = 1 if begins is None else int(begins.get(f"{_W}val"))
    return (
        int(level.get(f"{_W}ilvl")),
        (
            "decimal" if form is None else form.get(f"{_W}val"),
            start if 0 <= start <= _HIGHEST_START else 1,
        ),
    )


def _numbered(form: str, number: int) -> str:
    if form in {"lowerLetter", "upperLetter"} and 1 <= number <= len(_LETTERS):
        letter = _LETTERS[number - 1]
        return letter.upper() if form == "upperLetter" else letter
    return str(number)


def _own(element: Any, tag: str) -> Iterator[Any]:
    """Yield the rows of a table, or the cells of a row, without those of a table in a cell."""
    for each in element:
        if each.tag == tag:
            yield each
        elif each.tag not in {f"{_W}tbl", f"{_W}tr", f"{_W}tc"}:
            yield from _own(each, tag)


def _row(row: Any) -> dict[str, Any]:
    """Return a row of a table as one line."""
    cells = [" ".join(text_of(cell).split()) for cell in _own(row, f"{_W}tc")]
    return {"text": " | ".join(cells) if any(cells) else "", "level": 0, "mark": ""}


def main(arguments: list[str]) -> None:
    """Read what comes in, with little memory and time, and print what was found as JSON."""
    settings, bounds = json.loads(arguments[1]), json.loads(arguments[2])
    for name, most in bounds.items():
        resource.setrlimit(getattr(resource, name), (most, most))
    sys.stdout.write(json.dumps(read(sys.stdin.buffer.read(), **settings)))


if __name__ == "__main__":
    main(sys.argv[1:])
