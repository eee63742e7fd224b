"""Putting PDFs of our own together in one file, to print them from."""

from collections.abc import Iterable
from contextlib import ExitStack
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pikepdf


def joined(pdfs: Iterable[bytes]) -> bytes:
    """Return one PDF with all pages; each PDF begins on a sheet of its own, also when it is printed on both sides.

    What it is made of is signed, this is not: it is for paper.
    """
    # Here, as web servers import this module, and the library would take 14 MiB of each.
    import pikepdf

    together, opened = pikepdf.new(), ExitStack()
    with opened:
        for each in pdfs:
            pdf = opened.enter_context(pikepdf.open(BytesIO(each)))
            _leave_out_fields(pdf)
            together.pages.extend(pdf.pages)
            if len(pdf.pages) % 2:
                _left, _bottom, width, height = pdf.pages[-1].mediabox
                together.add_blank_page(page_size=(float(width), float(height)))
        written = BytesIO()
        together.save(written, deterministic_id=True)
    return written.getvalue()


def _leave_out_fields(pdf: "pikepdf.Pdf") -> None:
    """Leave out links and the field of the signature, which mean nothing on paper and are lost in a copy."""
    if "/AcroForm" in pdf.Root:
        del pdf.Root.AcroForm
    for page in pdf.pages:
        if "/Annots" in page:
            del page.Annots
