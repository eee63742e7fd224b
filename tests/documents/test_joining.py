"""Several PDFs in one file for printing."""

from io import BytesIO

import pikepdf

from hubportal.documents.domain.joining import joined
from tests.factories.documents import signed_letter


def pdf(pages: int, width: int) -> bytes:
    made, written = pikepdf.new(), BytesIO()
    for _each in range(pages):
        made.add_blank_page(page_size=(width, 800))
    made.save(written)
    return written.getvalue()


def test_each_begins_on_a_sheet_of_its_own_also_when_both_sides_are_printed() -> None:
    together = joined([pdf(3, 100), pdf(2, 200), pdf(1, 300)])
    with pikepdf.open(BytesIO(together)) as read:
        assert [int(page.mediabox[2]) for page in read.pages] == [100, 100, 100, 100, 200, 200, 300, 300]
    assert together == joined([pdf(3, 100), pdf(2, 200), pdf(1, 300)])


def test_a_signed_letter_is_joined_without_its_signature() -> None:
    signed = signed_letter()
    with pikepdf.open(BytesIO(signed)) as letter:
        assert "/AcroForm" in letter.Root
    with pikepdf.open(BytesIO(joined([signed, signed]))) as together:
        assert "/AcroForm" not in together.Root
        assert not any("/Annots" in page for page in together.pages)
