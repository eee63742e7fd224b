"""Reading PDFs in tests: words by page, the structure tree, and what is marked as content."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf


def opened(pdf: bytes) -> pikepdf.Pdf:
    """Open the bytes of a PDF."""
    return pikepdf.open(BytesIO(pdf))


def words_of(page: pikepdf.Page) -> str:
    """Return the words of a page as its fonts map them to Unicode, one space for any white space."""
    fonts = {name: _letters_of(font) for name, font in page.Resources.Font.items()}
    words, letters = [], {}
    for step in pikepdf.parse_content_stream(page):
        operands = step.operands
        match str(step.operator):
            case "Tf":
                letters = fonts[str(operands[0])]
            case "TJ" | "Tj":
                parts = operands[0] if isinstance(operands[0], pikepdf.Array) else operands
                codes = b"".join(bytes(each) for each in parts if isinstance(each, pikepdf.String))
                words.append("".join(letters[codes[at : at + 2]] for at in range(0, len(codes), 2)))
            case "ET":
                words.append(" ")
    return re.sub(r"[^\S\u00a0]+", " ", "".join(words))


def lines_of(page: pikepdf.Page) -> list[str]:
    """Return the words of a page as its lines, from the height at which each piece stands."""
    fonts = {name: _letters_of(font) for name, font in page.Resources.Font.items()}
    lines: dict[float, str] = {}
    height, letters = 0.0, {}
    for step in pikepdf.parse_content_stream(page):
        match str(step.operator):
            case "Tf":
                letters = fonts[str(step.operands[0])]
            case "Tm":
                height = float(step.operands[5])
            case "TJ" | "Tj":
                first = step.operands[0]
                parts = first if isinstance(first, pikepdf.Array) else step.operands
                codes = b"".join(bytes(each) for each in parts if isinstance(each, pikepdf.String))
                found = "".join(letters[codes[at : at + 2]] for at in range(0, len(codes), 2))
                lines[height] = lines.get(height, "") + found
    return [" ".join(each.split()) for each in lines.values()]


def _letters_of(font: Any) -> dict[bytes, str]:
    letters = {}
    for code, letter in re.findall(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>\n", font.ToUnicode.read_bytes()):
        letters[bytes.fromhex(code.decode())] = bytes.fromhex(letter.decode()).decode("utf-16-be")
    return letters


def elements_of(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Yield the elements of the structure tree in reading order."""
    waiting = [pdf.Root.StructTreeRoot.K[0]]
    while waiting:
        element = waiting.pop()
        yield element
        waiting.extend(each for each in reversed(kids_of(element)) if "/S" in each)


def kids_of(element: Any) -> list[Any]:
    """Return the dictionaries below an element: other elements and references to objects."""
    kids = element.get("/K", [])
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [each for each in kids if isinstance(each, pikepdf.Dictionary)]


def roles_of(pdf: pikepdf.Pdf) -> list[str]:
    """Return the roles in reading order, without spans and anonymous boxes."""
    roles = [str(each.S) for each in elements_of(pdf)]
    return [role for role in roles if role not in {"/Span", "/NonStruct", "/Div", "/Document"}]


def unmarked_text(page: pikepdf.Page, tree: dict[int, Any]) -> list[str]:
    """Return each piece of text that is neither tagged in the tree nor an artifact.

    ``tree`` maps the marks of this page to their elements.
    """
    marks: list[str | int] = []
    astray = []
    for step in pikepdf.parse_content_stream(page):
        operands = step.operands
        match str(step.operator):
            case "BMC":
                marks.append(str(operands[0]))
            case "BDC":
                mark = operands[1].get("/MCID")
                marks.append(str(operands[0]) if mark is None else int(mark))
            case "EMC":
                marks.pop()
            case "TJ" | "Tj" if "/Artifact" not in marks and not any(
                isinstance(mark, int) and tree.get(mark) is not None for mark in marks
            ):
                astray.append(f"{marks}")
    return astray


def marks_of(pdf: pikepdf.Pdf, page_number: int) -> dict[int, Any]:
    """Return the element of each mark on a page, as the map of the structure tree has it."""
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    place = [int(each) for each in list(numbers)[::2]].index(page_number)
    return {
        mark: element
        for mark, element in enumerate(numbers[2 * place + 1])
        if isinstance(element, pikepdf.Dictionary)
    }
