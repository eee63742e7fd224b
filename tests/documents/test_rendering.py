"""Rendering: an archivable, accessible letter."""

import gc
from datetime import timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from pytest_django import Settings
from weasyprint import HTML

from hubportal.documents.domain import conformance
from hubportal.documents.domain.pictures import qr_picture
from hubportal.documents.domain.rendering import ForbiddenResource, render_pdf
from tests.documents.reading import (
    elements_of,
    kids_of,
    lines_of,
    marks_of,
    opened,
    roles_of,
    unmarked_text,
    words_of,
)
from tests.factories.documents import SENT_AT, letter_content, letter_pdf
from tests.paper import what_paper_warns_of

SECTION = {"heading": "Kop", "paragraphs": ["woord " * 45], "items": [], "rows": []}


def test_a_letter_reads_in_order_with_headings_lists_and_tables() -> None:
    row = ["/TR", "/TH", "/TD"]
    with opened(letter_pdf()) as pdf:
        roles = roles_of(pdf)
    assert roles == [
        *["/P"] * 8,
        *["/H1", "/P", "/P", "/H2", "/P"],
        *["/L", "/LI", "/Lbl", "/LBody", "/LI", "/Lbl", "/LBody"],
        *["/Table", "/TBody", *row, *row],
        *["/P", "/P", "/P"],
        *["/P", "/Link", "/P"],
        *["/P", "/H2", "/H3", "/P"],
        "/Form",
    ]


def test_a_warning_while_a_letter_is_made_is_noticed() -> None:
    with what_paper_warns_of() as said:
        HTML(string='<p id="x">Een</p><p id="x">Twee</p>').write_pdf()
    assert said == ["Anchor defined twice: 'x'"]


def test_each_heading_of_a_row_says_so_and_leaves_no_dangling_identifiers() -> None:
    with opened(letter_pdf()) as pdf:
        cells = [each for each in elements_of(pdf) if each.S in ("/TH", "/TD")]
        scopes = [(str(each.S), str(each.A.get("/Scope", ""))) for each in cells]
        assert scopes == [("/TH", "/Row"), ("/TD", "")] * 2
        assert not any("/ID" in each or "/Headers" in each.A for each in cells)


def test_all_text_is_tagged_or_an_artifact() -> None:
    with opened(letter_pdf()) as pdf:
        assert [unmarked_text(page, marks_of(pdf, number)) for number, page in enumerate(pdf.pages)] == [
            [],
            [],
        ]


def test_packing_each_object_once_writes_the_same_file(monkeypatch: pytest.MonkeyPatch) -> None:
    packed_once = letter_pdf()
    monkeypatch.setattr(conformance, "_pack_once", lambda _pdf: None)
    assert letter_pdf() == packed_once


def test_every_mark_of_a_page_hangs_in_the_tree() -> None:
    with opened(letter_pdf()) as pdf:
        in_tree = {each.objgen for each in elements_of(pdf)}
        marked = [each for number in range(len(pdf.pages)) for each in marks_of(pdf, number).values()]
        assert marked
        assert {each.objgen for each in marked} <= in_tree


def test_running_heads_are_seen_but_not_read_aloud() -> None:
    with opened(letter_pdf()) as pdf:
        words = words_of(pdf.pages[1])
        assert "Kenmerk HUB-2024-1-0007" in words
        assert "4 juli 2024" in words
        assert "Pagina 2 van 2" in words
        artifacts = [
            step.operands[1].Type
            for step in pikepdf.parse_content_stream(pdf.pages[1])
            if str(step.operator) == "BDC" and str(step.operands[0]) == "/Artifact"
        ]
    assert artifacts == ["/Pagination"] * 4


def test_the_field_for_the_signature_is_named_and_part_of_the_tree() -> None:
    with opened(letter_pdf()) as pdf:
        (form,) = (each for each in elements_of(pdf) if each.S == "/Form")
        (field,) = (kid.Obj for kid in kids_of(form))
        assert (str(field.FT), str(field.TU), int(field.F), [int(side) for side in field.Rect]) == (
            "/Sig",
            "Digitale ondertekening van dit document",
            132,
            [0, 0, 0, 0],
        )
        numbers: list[Any] = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        assert numbers[numbers.index(int(field.StructParent)) + 1].objgen == form.objgen
        assert pdf.Root.StructTreeRoot.ParentTreeNextKey == int(field.StructParent) + 1
        assert field.objgen in {each.objgen for each in pdf.pages[0].Annots}


def test_a_letter_tells_its_language_title_and_both_standards() -> None:
    with opened(letter_pdf()) as pdf:
        root, metadata = pdf.Root, pdf.open_metadata()
        assert str(root.Lang) == "nl"
        assert bool(root.MarkInfo.Marked)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert root.OutputIntents[0].S == "/GTS_PDFA1"
        assert all(page.Tabs == "/S" for page in pdf.pages)
        assert (metadata.pdfa_status, metadata["pdfuaid:part"]) == ("2A", "1")
        assert metadata["dc:title"] == str(pdf.docinfo.Title) == "Besluit HUB-2024-1-0007"
        assert metadata["dc:identifier"] == "HUB-2024-1-0007 HP-7K2M-9QXT-4VNB"
        assert metadata["xmp:CreateDate"] == "2024-07-04T10:30:00+02:00"
        assert str(pdf.docinfo.CreationDate) == "D:20240704103000+02'00'"
        assert b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>" in root.Metadata.read_bytes()
        assert "/ID" in pdf.trailer


def test_links_tell_where_they_lead() -> None:
    with opened(letter_pdf()) as pdf:
        links = [each for page in pdf.pages for each in page.get("/Annots", []) if each.Subtype == "/Link"]
        address = "https://hubportaal.example/verificatie/HP-7K2M-9QXT-4VNB/"
        assert links
        assert {(str(each.Contents), str(each.A.URI), int(each.F)) for each in links} == {
            (address, address, 4)
        }


def test_all_fonts_are_source_sans_and_inside_the_file() -> None:
    with opened(letter_pdf()) as pdf:
        fonts = list(pdf.pages[0].Resources.Font.values())
        descendants = [font.DescendantFonts[0] for font in fonts]
        assert all("Source" in str(font.BaseFont) for font in descendants)
        assert all("/FontFile2" in font.FontDescriptor for font in descendants)
        assert all("/ToUnicode" in font for font in fonts)


def test_names_amounts_and_dates_survive() -> None:
    with opened(letter_pdf()) as pdf:
        words = words_of(pdf.pages[0])
    for expected in (
        "t.a.v. mevrouw Łukaszewska-Noël",
        "Geachte mevrouw Łukaszewska-Noël,",
        "€ 48.750,00",
        "4 juli 2024",
        "HP-7K2M-9QXT-4VNB",
    ):
        assert expected in words


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert letter_pdf() == letter_pdf()
    assert letter_pdf() != letter_pdf(at=SENT_AT + timedelta(seconds=1))


def test_a_full_letter_takes_two_pages_and_its_annex_begins_on_the_next() -> None:
    rows = {**SECTION, "rows": [[f"Gegeven {number}", "waarde"] for number in range(6)]}
    with opened(letter_pdf(letter_content(sections=[*[SECTION] * 7, rows]))) as pdf:
        pages = [words_of(page) for page in pdf.pages]
    assert len(pages) == 3
    assert "Met vriendelijke groet," in pages[1]
    assert "Bijlage Advies van de commissie" in pages[2]


@pytest.mark.parametrize("number", range(5, 12))
def test_the_closing_stands_with_words_of_the_letter_however_long_it_is(number: int) -> None:
    """Rule 20: nobody can put another page before a signature alone."""
    last = {**SECTION, "heading": "", "paragraphs": ["Slotwoord.", "Nog een zin."]}
    with opened(letter_pdf(letter_content(sections=[*[SECTION] * number, last]))) as pdf:
        [page] = [words for words in map(words_of, pdf.pages) if "Met vriendelijke groet," in words]
    assert "Slotwoord." in page
    assert "HP-7K2M-9QXT-4VNB" in page


def test_a_word_without_an_end_breaks_in_every_place_that_shows_one() -> None:
    word = "w" * 130
    section = {"heading": word, "paragraphs": [word], "items": [word], "rows": [[word, word]]}
    columns = {**SECTION, "head": [word, "B", "C"], "rows": [[word, word, "€\u00a01,00"]]}
    addressee = {"name": word, "attention": word, "lines": [word]}
    content = letter_content(sections=[section, columns], addressee=addressee, subject=word)
    with opened(letter_pdf(content)) as pdf:
        longest = max(len(each) for page in pdf.pages for line in lines_of(page) for each in line.split())
    assert longest < 80


def test_a_long_table_has_columns_whose_heads_come_back_on_each_page() -> None:
    lines = [[f"Post {number}", "omschrijving " * 12, "€\u00a01.000,00"] for number in range(60)]
    table = {**SECTION, "head": ["Post", "Omschrijving", "Bedrag"], "rows": lines}
    with opened(letter_pdf(letter_content(sections=[table, SECTION]))) as pdf:
        pages = [words_of(page) for page in pdf.pages]
    with_rows = [each for each in pages if "Post 3" in each or "Post 4" in each or "Post 5" in each]
    assert len(with_rows) > 2
    assert [each for each in with_rows if "Omschrijving" not in each] == []


def test_the_code_is_a_link_and_a_picture_that_screen_readers_skip() -> None:
    verification = {
        "code": "HP-7K2M-9QXT-4VNB",
        "address": "https://hubportaal.example/verificatie/",
        "link": "https://hubportaal.example/verificatie/HP-7K2M-9QXT-4VNB/",
        "picture": qr_picture("https://hubportaal.example/verificatie/HP-7K2M-9QXT-4VNB/"),
    }
    with opened(letter_pdf(letter_content(verification=verification))) as pdf:
        roles = roles_of(pdf)
        links = [
            str(each.A.URI)
            for page in pdf.pages
            for each in page.get("/Annots", ())
            if each.Subtype == "/Link"
        ]
    assert "/Figure" not in roles
    assert links == [verification["link"]]


def test_a_receipt_needs_neither_annex_nor_signatory() -> None:
    with opened(letter_pdf(letter_content(kind="receipt", annex=None, closing=None))) as pdf:
        assert len(pdf.pages) == 1
        assert "Bijlage" not in words_of(pdf.pages[0])


def test_what_is_typed_stays_text() -> None:
    with opened(letter_pdf(letter_content(subject="<b>A & B</b> <img src=x>"))) as pdf:
        assert "<b>A & B</b> <img src=x>" in words_of(pdf.pages[0])


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:9/x.png", "file:///etc/hostname", "data:image/png;base64,AA==", "../../manage.py"],
)
def test_nothing_but_our_static_files_is_read(settings: Settings, address: str) -> None:
    loader = "django.template.loaders.locmem.Loader"
    page = {"letters/page.html": f'<html lang="nl"><img alt="x" src="{address}"></html>'}
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [(loader, page)]},
        }
    ]
    with pytest.raises(ForbiddenResource):
        render_pdf(template="page.html", context={}, title="x", reference="x", created_at=SENT_AT)
    # Collecting garbage stops while a letter is made, not after one that was refused.
    assert gc.isenabled()


def test_the_file_has_no_errors_of_syntax() -> None:
    with pikepdf.open(BytesIO(letter_pdf()), attempt_recovery=False) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_garbage_is_collected_after_a_letter_not_while_it_is_made() -> None:
    begun: list[str] = []

    def note(phase: str, info: dict[str, int]) -> None:
        begun.append(phase)

    letter_pdf()
    gc.collect()
    gc.callbacks.append(note)
    try:
        letter_pdf()
    finally:
        gc.callbacks.remove(note)
    # Once it is there, one may be due; on the way there would be a dozen.
    assert begun.count("start") <= 3
    assert gc.isenabled()
