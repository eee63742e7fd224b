"""The parts of a form as DOCX. What people filled in is read by ``hubportal/documents/domain/word.py``."""

from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO

from docx import Document
from docx.document import Document as Opened
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor

from calls.domain.form_words import LANGUAGE, Part

# As on paper; the template of the library has blues that are too light to read (WCAG 1.4.3).
_INK = RGBColor(0x0A, 0x3A, 0x44)
_TEXT = RGBColor(0x16, 0x26, 0x2C)


def word_of(title: str, parts: Iterable[Part], *, made_at: datetime) -> bytes:
    """Return a document in Dutch with real headings, tables whose head is repeated, and room to write below each question."""
    document = Document()
    _set_up(document, title, made_at)
    document.add_heading(title, level=1)
    for part in parts:
        document.add_heading(part.heading, level=part.level)
        for paragraph in part.paragraphs:
            document.add_paragraph(paragraph)
        for item in part.items:
            document.add_paragraph(item, style="List Bullet")
        if part.rows:
            _add_table(document, part.head, part.rows)
        if part.room:
            # Said too, for who hears the document.
            document.add_paragraph(part.room)
            document.add_paragraph()
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _set_up(document: Opened, title: str, made_at: datetime) -> None:
    """Give language, title and colours; what the template of the library says of itself goes."""
    about = document.core_properties
    about.title, about.language, about.author, about.comments = title, LANGUAGE, "Hubportaal", ""
    about.last_modified_by, about.keywords, about.revision = "Hubportaal", "", 1
    about.created = about.modified = made_at.astimezone(UTC).replace(tzinfo=None)
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.color.rgb = _TEXT
    for level in (1, 2, 3):
        document.styles[f"Heading {level}"].font.color.rgb = _INK
    [defaults] = document.styles.element.iter(qn("w:rPrDefault"))
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:val"), "nl-NL")


def _add_table(document: Opened, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    table = document.add_table(rows=0, cols=len(head), style="Table Grid")
    for row in (head, *rows):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    first = table.rows[0]
    # Said to be a head, so that each page repeats it and a screen reader names the column.
    first._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell in first.cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True
    document.add_paragraph()
