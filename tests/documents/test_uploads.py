"""What may come in as an attachment (rule 24)."""

import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from pytest_django import Settings

from hubportal.documents.domain.uploads import RefusedFile, check_pdf
from tests.factories.documents import letter_pdf


def a_pdf(change: Callable[[pikepdf.Pdf], None] = lambda _: None, **options: object) -> BytesIO:
    """Return a small PDF with something done to it."""
    saved = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        change(pdf)
        pdf.save(saved, **options)  # type: ignore[arg-type]
    return saved


def a_zip(name: str) -> BytesIO:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, b"x")
    return packed


def refusal(file: BytesIO) -> str:
    with pytest.raises(RefusedFile) as refused:
        check_pdf(file)
    return str(refused.value)


def test_ordinary_pdfs_come_in_and_can_be_read_from_their_beginning(letter: bytes) -> None:
    for file in (a_pdf(), BytesIO(letter_pdf()), BytesIO(letter)):
        check_pdf(file)
        assert file.tell() == 0


def test_a_file_over_the_limit_is_told_the_limit(settings: Settings) -> None:
    settings.UPLOAD_LIMIT_BYTES = 2 * 1024 * 1024
    sentence = refusal(BytesIO(b"%PDF-" + bytes(settings.UPLOAD_LIMIT_BYTES)))
    assert sentence == "This file is too large. A file can be at most 2\u00a0MB."


def test_a_zip_named_pdf_is_named_for_what_it_is() -> None:
    assert "zip" in refusal(a_zip("brief.pdf"))
    assert "docx" in refusal(a_zip("word/document.xml"))


@pytest.mark.parametrize("data", [b"", b"   %PDF-1.7", b"<html><script>alert(1)</script>", b"MZ\x90"])
def test_what_does_not_begin_as_a_pdf_is_refused(data: bytes) -> None:
    assert "PDF" in refusal(BytesIO(data))


@pytest.mark.parametrize(
    "before", [b"\n", b"\xef\xbb\xbf", b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n"]
)
def test_a_pdf_with_something_before_its_header_comes_in(before: bytes) -> None:
    check_pdf(BytesIO(before + a_pdf().getvalue()))


def test_a_page_that_only_mentions_the_header_is_no_pdf() -> None:
    page = b"<!DOCTYPE html><html><head><title>x</title></head><body>%PDF-1.7 is de kop van een pdf</body></html>"
    assert "not a PDF" in refusal(BytesIO(page))


@pytest.mark.parametrize("user", ["secret", ""])
def test_an_encrypted_pdf_is_refused_also_when_it_opens_without_password(user: str) -> None:
    file = a_pdf(encryption=pikepdf.Encryption(owner="owner", user=user))
    assert refusal(file) == "This PDF is protected with a password. Add a version without protection."


def _script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def _named_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([])))


def _launch(pdf: pikepdf.Pdf) -> None:
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.Launch, F="x.exe")
    )
    pdf.pages[0].Annots = Array([link])


def _attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["evil.exe"] = b"MZ"


def _hidden_deep(pdf: pikepdf.Pdf) -> None:
    action = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=pdf.make_stream(b"app.alert(1)")))
    pdf.pages[0].AA = Dictionary(O=Dictionary(S=Name.GoTo, Next=Array([action])))


@pytest.mark.parametrize("change", [_script, _named_script, _launch, _attachment, _hidden_deep])
def test_a_pdf_that_can_run_or_carry_something_is_refused(change: Callable[[pikepdf.Pdf], None]) -> None:
    assert "script" in refusal(a_pdf(change))


@pytest.mark.parametrize("key", ["/JS", "/JavaScript", "/XFA", "/EmbeddedFiles", "/EF", "/RichMediaContent"])
def test_each_key_that_can_run_or_carry_something_is_refused(key: str) -> None:
    def hide(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0]["/PieceInfo"] = Dictionary({key: Array([])})

    assert "script" in refusal(a_pdf(hide))


@pytest.mark.parametrize(
    "action",
    ["JavaScript", "Launch", "ImportData", "SubmitForm", "GoToR", "GoToE", "Thread", "Rendition", "URI"],
)
def test_each_action_that_runs_or_sends_something_is_refused(action: str) -> None:
    def act(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = Dictionary(S=Name(f"/{action}"))

    assert "script" in refusal(a_pdf(act))


@pytest.mark.parametrize("kind", ["FileAttachment", "RichMedia", "Movie", "Sound", "Screen", "3D"])
def test_each_annotation_that_carries_or_plays_something_is_refused(kind: str) -> None:
    def annotate(pdf: pikepdf.Pdf) -> None:
        annotation = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=[0, 0, 9, 9])
        pdf.pages[0].Annots = Array([annotation])

    assert "script" in refusal(a_pdf(annotate))


@pytest.mark.parametrize("action", ["URI", "Named"])
def test_an_action_that_runs_when_a_page_is_shown_is_refused(action: str) -> None:
    def act(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].AA = Dictionary(O=Dictionary(S=Name(f"/{action}")))

    assert "action" in refusal(a_pdf(act))


def test_an_action_after_the_first_page_is_shown_is_refused() -> None:
    def act(pdf: pikepdf.Pdf) -> None:
        then = Dictionary(S=Name.URI, URI="https://zien.example/")
        pdf.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([pdf.pages[0].obj, Name.Fit]), Next=then)

    assert "action" in refusal(a_pdf(act))


def test_a_file_that_opens_at_a_page_comes_in() -> None:
    def show(pdf: pikepdf.Pdf) -> None:
        page = Array([pdf.pages[0].obj, Name.Fit])
        pdf.Root.OpenAction = page
        pdf.pages[0].AA = Dictionary(O=Dictionary(S=Name.GoTo, D=page))

    check_pdf(a_pdf(show))


def _content_elsewhere(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Contents = pdf.make_stream(b"", F=r"\\dieven.example\map")


def _named_elsewhere(pdf: pikepdf.Pdf) -> None:
    elsewhere = Dictionary(Type=Name.Filespec, F="https://elders.example/x.pdf")
    pdf.pages[0]["/PieceInfo"] = Dictionary(F=elsewhere)


def _printed_from_elsewhere(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Resources = Dictionary(OPI=Dictionary())


@pytest.mark.parametrize("change", [_content_elsewhere, _named_elsewhere, _printed_from_elsewhere])
def test_a_pdf_that_has_content_elsewhere_is_refused(change: Callable[[pikepdf.Pdf], None]) -> None:
    assert "another file" in refusal(a_pdf(change))


def test_links_and_notes_of_an_ordinary_pdf_come_in() -> None:
    def annotate(pdf: pikepdf.Pdf) -> None:
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.URI))
        note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9], F=4)
        pdf.pages[0].Annots = Array([link, note])

    check_pdf(a_pdf(annotate))


def test_a_pdf_cut_off_is_damaged() -> None:
    for data in (letter_pdf()[:15_000], b"%PDF-1.7\n%%EOF", b"%PDF-1.7" + bytes(9999)):
        assert "damaged" in refusal(BytesIO(data))


def test_a_pdf_without_pages_is_damaged() -> None:
    assert "damaged" in refusal(a_pdf(lambda pdf: pdf.pages.remove(p=1)))


def test_a_pdf_that_unpacks_without_end_is_refused(settings: Settings) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1_000_000

    def grow(pdf: pikepdf.Pdf) -> None:
        bomb = pdf.make_stream(b"")
        bomb.write(zlib.compress(bytes(50_000_000), 9), filter=Name.FlateDecode)
        pdf.pages[0].Contents = bomb

    assert "unpacks" in refusal(a_pdf(grow))
