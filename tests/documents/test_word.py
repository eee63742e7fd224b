"""The text of a DOCX is read as a person sees it, and a file that is none says why (rule 24)."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from hubportal.documents.domain import word

LIMITS = {"max_unpacked": 20 * 2**20, "max_letters": 10_000}
Opened = Any


def read(change: Callable[[Opened], None], **limits: int) -> dict[str, Any]:
    document = Document()
    change(document)
    written = io.BytesIO()
    document.save(written)
    return word.read(written.getvalue(), **{**LIMITS, **limits})


def lines(change: Callable[[Opened], None]) -> list[tuple[int, str]]:
    found = read(change)
    return [(each["level"], each["mark"] + each["text"]) for each in found["blocks"]]


def test_headings_are_known_by_level_whatever_their_style_is_called() -> None:
    def change(document: Opened) -> None:
        document.add_heading("Een", level=3)
        # As Word in Dutch and LibreOffice write them: another key of the style, or another name.
        for key, name, text in (("Kop2", "heading 2", "Twee"), ("Kop9", "Kop 4", "Vier")):
            style = document.styles.add_style(key, 1)
            style.element.set(qn("w:styleId"), key)
            style.element.find(qn("w:name")).set(qn("w:val"), name)
            paragraph = document.add_paragraph(text)
            paragraph._p.get_or_add_pPr().get_or_add_pStyle().set(qn("w:val"), key)
        own = document.add_paragraph("Zes")
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), "5")
        own._p.get_or_add_pPr().append(outline)
        based = document.styles.add_style("Eigen kop", 1)
        based.base_style = document.styles["Heading 1"]
        document.add_paragraph("Naar een ander", style="Eigen kop")
        document.add_paragraph("Geen kop")

    assert lines(change) == [
        (3, "Een"),
        (2, "Twee"),
        (4, "Vier"),
        (6, "Zes"),
        (1, "Naar een ander"),
        (0, "Geen kop"),
    ]


def test_items_of_lists_have_their_mark() -> None:
    def change(document: Opened) -> None:
        document.add_paragraph("Appels", style="List Bullet")
        document.add_paragraph("Eerst", style="List Number")
        document.add_paragraph("Dan", style="List Number")
        document.add_paragraph("", style="List Number")
        document.add_paragraph("Gewoon")

    assert lines(change) == [(0, "- Appels"), (0, "1. Eerst"), (0, "2. Dan"), (0, ""), (0, "Gewoon")]


def begun_at(document: Opened, start: str) -> None:
    """Let every list of a document begin at a number."""
    for each in document.part.numbering_part.element.iter(qn("w:start")):
        each.set(qn("w:val"), start)


@pytest.mark.parametrize(
    ("start", "mark"),
    [("7", "7. "), ("9999", "9999. "), ("10000", "1. "), ("-3", "1. "), ("9" * 4000, "1. ")],
)
def test_a_list_begins_at_a_number_that_somebody_could_mean(start: str, mark: str) -> None:
    def change(document: Opened) -> None:
        document.add_paragraph("Eerst", style="List Number")
        begun_at(document, start)

    assert lines(change) == [(0, f"{mark}Eerst")]


def test_marks_count_as_letters_that_are_read() -> None:
    def change(document: Opened) -> None:
        for _each in range(10):
            document.add_paragraph("x", style="List Number")
        begun_at(document, "9000")

    assert read(change, max_letters=70)["blocks"][9]["mark"] == "9009. "
    assert read(change, max_letters=69) == {"refused": word.COSTLY}


@pytest.mark.parametrize("outline", ["-2", "9", "-" + "9" * 4000])
def test_a_level_that_no_heading_has_is_none(outline: str) -> None:
    def change(document: Opened) -> None:
        paragraph, level = document.add_paragraph("Gewoon"), OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), outline)
        paragraph._p.get_or_add_pPr().append(level)

    assert lines(change) == [(0, "Gewoon")]


def test_what_one_reads_is_read_and_what_was_taken_out_is_not() -> None:
    def change(document: Opened) -> None:
        paragraph = document.add_paragraph("Wij ")
        for tag, inner, text in (("w:ins", "w:t", "gaan "), ("w:del", "w:delText", "blijven ")):
            tracked, run, written = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(inner)
            written.text = text
            run.append(written)
            if tag == "w:del":
                run.append(OxmlElement("w:tab"))
            tracked.append(run)
            paragraph._p.append(tracked)
        paragraph.add_run("op pad.\tEn\nverder.")
        # A field to fill in: what somebody wrote in one is read, what another one asks is not.
        for is_prompt, text in ((False, "Ingevuld"), (True, "Klik om tekst in te voeren")):
            control, about, content = (OxmlElement(f"w:{each}") for each in ("sdt", "sdtPr", "sdtContent"))
            if is_prompt:
                about.append(OxmlElement("w:showingPlcHdr"))
            control.append(about)
            content.append(document.add_paragraph(text)._p)
            control.append(content)
            document.element.body.insert(len(document.element.body) - 1, control)

    assert lines(change) == [(0, "Wij gaan op pad.\tEn\nverder."), (0, "Ingevuld")]


def test_a_row_of_a_table_is_a_line_and_a_table_in_a_cell_is_read_once() -> None:
    def change(document: Opened) -> None:
        table = document.add_table(rows=2, cols=2)
        for place, text in enumerate(("Wie", "Wat", "Anna", "Bellen")):
            table.cell(place // 2, place % 2).text = text
        table.cell(1, 1).add_table(1, 1).cell(0, 0).text = "binnenin"

    assert lines(change) == [(0, "Wie | Wat"), (0, "Anna | Bellen binnenin")]


def changed(name: str, content: bytes) -> bytes:
    """Return a DOCX with one of its parts replaced or added."""
    written, made = io.BytesIO(), io.BytesIO()
    Document().save(written)
    with zipfile.ZipFile(written) as good, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for entry in good.infolist():
            if entry.filename != name:
                opened.writestr(entry.filename, good.read(entry))
        opened.writestr(name, content)
    return made.getvalue()


def archive(entries: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in entries.items():
            opened.writestr(name, content)
    return made.getvalue()


BODY = "word/document.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)
_W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.7", word.PDF),
        (OLE, word.OLD),
        (OLE + "EncryptedPackage".encode("utf-16-le"), word.ENCRYPTED),
        (b"Gewoon tekst", word.OTHER),
        (b"", word.OTHER),
        (
            archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}),
            "open_document",
        ),
        (archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<x/>"}), word.OTHER),
        (archive({"[Content_Types].xml": b"<Types/>", BODY: b"<x/>"}), word.DAMAGED),
        (b"PK\x03\x04 kapot", word.DAMAGED),
        (changed("word/vbaProject.bin", b"x"), word.MACROS),
        (
            changed("[Content_Types].xml", b"<Types>application/vnd.ms-word.macroEnabled.12</Types>"),
            word.MACROS,
        ),
        (changed(BODY, b"<w:document"), word.DAMAGED),
        (changed(BODY, b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), word.DAMAGED),
        (changed(BODY, b"<w:document " + _W + b"/>"), word.DAMAGED),
        (changed(BODY, b"<x>" * 5000 + b"</x>" * 5000), word.DAMAGED),
        (changed("word/media/a.bin", bytes(21 * 2**20)), word.COSTLY),
    ],
)
def test_a_file_that_is_not_read_says_why(content: bytes, reason: str) -> None:
    assert word.read(content, **LIMITS) == {"refused": reason}


def test_a_text_is_read_to_its_bound_and_no_further() -> None:
    assert len(read(lambda each: each.add_paragraph("w" * 10_000))["blocks"]) == 1
    assert read(lambda each: each.add_paragraph("w" * 10_001)) == {"refused": word.COSTLY}


def test_no_more_paragraphs_are_read_than_a_form_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word, "MAX_BLOCKS", 1)
    assert read(lambda each: each.add_paragraph("Een"))["blocks"]
    assert read(lambda each: (each.add_paragraph("Een"), each.add_paragraph("Twee"))) == {
        "refused": word.COSTLY
    }


def test_a_document_says_that_it_has_pictures_or_notes() -> None:
    def change(document: Opened) -> None:
        run = document.add_paragraph("Zie").add_run()
        run._r.append(OxmlElement("w:drawing"))
        run._r.append(OxmlElement("w:footnoteReference"))

    found, plain = read(change), read(lambda each: each.add_paragraph("Zie"))
    assert (found["pictures"], found["notes"]) == (True, True)
    assert (plain["pictures"], plain["notes"]) == (False, False)
