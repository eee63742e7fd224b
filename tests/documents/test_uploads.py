"""What may come in as an attachment (rule 24)."""

import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from itertools import islice

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from pytest_django import Settings

from hubportal.documents.domain import inspection
from hubportal.documents.domain.uploads import REASONS, RefusedFile, check_pdf
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


def test_each_reason_to_refuse_has_a_sentence() -> None:
    reasons = {inspection.ACTIVE, inspection.DAMAGED, inspection.ENCRYPTED, inspection.COSTLY}
    assert set(REASONS) == reasons


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


def test_a_font_may_be_called_as_the_key_of_a_file() -> None:
    def write(pdf: pikepdf.Pdf) -> None:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        pdf.pages[0].Resources = Dictionary(Font=Dictionary(F=font))

    check_pdf(a_pdf(write))


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


SCRIPT = b"<< /S /JavaScript /JS (app.alert(1)) >>"


def written_by_hand(
    *,
    catalog: bytes = b"",
    page: bytes = b"",
    fourth: bytes = b"null",
    root: bytes = b"1 0 R",
    more: tuple[bytes, ...] = (),
) -> BytesIO:
    """Return a PDF as no program writes it."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Resources << >> /MediaBox [0 0 200 200] " + page + b" >>",
        fourth,
        *more,
    ]
    file, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root %b >>" % (size, rows, size, root)
    return BytesIO(file + table + b"\nstartxref\n%d\n%%%%EOF\n" % len(file))


HIDDEN = {
    "in a catalog that stands in the trailer": written_by_hand(
        root=b"<< /Type /Catalog /Pages 2 0 R /OpenAction " + SCRIPT + b" >>"
    ),
    "in an object too deep to read": written_by_hand(
        catalog=b"/OpenAction 4 0 R", fourth=SCRIPT[:-2] + b"/X " + b"[" * 600 + b"]" * 600 + b" >>"
    ),
    "in a key that stands twice": written_by_hand(
        catalog=b"/OpenAction " + SCRIPT + b" /OpenAction [3 0 R /Fit]"
    ),
    "among signs that mean nothing": written_by_hand(
        catalog=b"/OpenAction 4 0 R", fourth=b"<< ) ) } } ) ) ) ) ) ) } } ) ) " + SCRIPT[2:]
    ),
    "in an object too large to read": written_by_hand(
        catalog=b"/OpenAction 4 0 R", fourth=SCRIPT[:-2] + b"/X [" + b"1 " * 4_900_000 + b"] >>"
    ),
    "behind an event that looks like an action": written_by_hand(
        page=b"/AA << /S /GoTo /O << /S /Named /N /Print >> >>"
    ),
    "behind an event of the whole file": written_by_hand(
        catalog=b"/AA << /S /GoTo /WC << /S /URI /URI (https://zien.example/) >> >>"
    ),
    "behind two paths to each next object": written_by_hand(
        catalog=b"/OpenAction 4 0 R",
        fourth=b"<< /a 5 0 R /b 5 0 R >>",
        more=tuple(b"<< /a %d 0 R /b %d 0 R >>" % (each, each) for each in range(6, 46)),
    ),
}


def test_an_ordinary_pdf_that_is_written_by_hand_comes_in() -> None:
    check_pdf(written_by_hand())
    check_pdf(written_by_hand(fourth=b"<< /Type /StructElem /S /Kop#eb /P 1 0 R >>"))


@pytest.mark.parametrize("file", HIDDEN.values(), ids=HIDDEN)
def test_an_action_is_refused_wherever_it_hides(file: BytesIO) -> None:
    refusal(file)


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


def _named_in_unicode_alone(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0]["/PieceInfo"] = Dictionary(Type=Name.Filespec, UF="https://elders.example/x.pdf")


def _printed_from_elsewhere(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Resources = Dictionary(OPI=Dictionary())


@pytest.mark.parametrize(
    "change", [_content_elsewhere, _named_elsewhere, _named_in_unicode_alone, _printed_from_elsewhere]
)
def test_a_pdf_that_has_content_elsewhere_is_refused(change: Callable[[pikepdf.Pdf], None]) -> None:
    assert "another file" in refusal(a_pdf(change))


def test_links_and_notes_of_an_ordinary_pdf_come_in() -> None:
    def annotate(pdf: pikepdf.Pdf) -> None:
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.URI))
        note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9], F=4)
        pdf.pages[0].Annots = Array([link, note])

    check_pdf(a_pdf(annotate))


def linked(address: str | bytes, *, base: str = "") -> BytesIO:
    """Return a PDF with one link."""

    def link(pdf: pikepdf.Pdf) -> None:
        action = Dictionary(S=Name.URI, URI=pikepdf.String(address))  # type: ignore[arg-type]
        pdf.pages[0].Annots = Array(
            [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action)]
        )
        if base:
            pdf.Root.URI = Dictionary(Base=base)

    return a_pdf(link)


@pytest.mark.parametrize(
    "address",
    [
        "file:///c:/programma.exe",
        " FILE:///etc/passwd",
        r"\\dieven.example\map",
        "//dieven.example/map",
        "javascript:alert(1)",
        "ms-word:ofe|u|https://dieven.example",
        "bestand:é",
        r"/\dieven.example\map",
        r"\/dieven.example/map",
        "fi\tle:///c:/x",
        "fi\nle://dieven.example/map",
        "/\t/dieven.example/map",
        r"..\..\x.exe",
        "programma.exe",
        "map/bestand.pdf",
        r"https://hub.example\@dieven.example",
    ],
)
def test_a_link_to_anything_but_a_page_or_a_mailbox_is_refused(address: str) -> None:
    """Rule 24: one click would open a file or a program, or tell a machine elsewhere who reads it."""
    assert "action" in refusal(linked(address))


@pytest.mark.parametrize(
    "address",
    [
        "https://hub.example/a?b=c:d",
        "HTTP://hub.example",
        "mailto:info@hub.example",
        "tel:0101234567",
        "www.hub.example",
        "#hoofdstuk",
        "info@hub.example",
        "",
    ],
)
def test_a_link_to_a_page_or_a_mailbox_comes_in(address: str) -> None:
    check_pdf(linked(address))


def test_links_that_all_begin_elsewhere_are_refused() -> None:
    assert "action" in refusal(linked("map", base="file:///c:/"))


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


@pytest.mark.parametrize(
    ("filters", "pack"),
    [
        ([Name.FlateDecode, Name.FlateDecode], lambda data: zlib.compress(zlib.compress(data, 9), 9)),
        ([Name.ASCIIHexDecode, Name.FlateDecode], lambda data: zlib.compress(data, 9).hex().encode() + b">"),
        ([Name.RunLengthDecode], lambda data: b"\x81\x00" * (len(data) // 128)),
    ],
)
def test_what_is_packed_twice_or_as_letters_is_unpacked_too(
    settings: Settings, filters: list[Name], pack: Callable[[bytes], bytes]
) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1_000_000

    def grow(size: int) -> Callable[[pikepdf.Pdf], None]:
        def put(pdf: pikepdf.Pdf) -> None:
            pdf.pages[0].Contents = pdf.make_stream(b"")
            pdf.pages[0].Contents.write(pack(bytes(size)), filter=Array(filters))

        return put

    assert "unpacks" in refusal(a_pdf(grow(50_000_000)))
    check_pdf(a_pdf(grow(1_280_000)))


def test_a_large_white_picture_is_read_once() -> None:
    """Else a sound file would be inspected until its time is over, and be refused."""
    packed = zlib.compress(bytes(3_000_000), 9)
    pieces = list(islice(inspection._unpacked(packed + b"\nendstream", 0), 50))
    assert b"".join(part for _read, part in pieces) == bytes(3_000_000)
    assert len(pieces) < 50
