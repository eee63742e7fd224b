"""Downloads of stored files."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hubportal.documents.domain.files import DamagedFile, read_file
from hubportal.documents.domain.scanning import is_withheld
from hubportal.documents.enums import ScanState
from hubportal.downloads import pdf_download, word_download

logger = logging.getLogger(__name__)


def stored_pdf(
    request: HttpRequest, *, name: str, sha256: str, filename: str, scan: str = ScanState.CLEAN
) -> HttpResponse:
    """Send a stored PDF as a download; of a damaged one only that it is damaged, and log it.

    ``scan`` is what is known of viruses in what somebody uploaded: nothing of it is sent while it ``is_withheld`` (rule 24).
    """
    if is_withheld(scan):
        is_infected = scan == ScanState.INFECTED
        status = 403 if is_infected else 503
        return render(request, "documents/withheld.html", {"is_infected": is_infected}, status=status)
    content = _read(name, sha256)
    return _damaged(request) if content is None else pdf_download(content, filename=filename)


def stored_word(request: HttpRequest, *, name: str, sha256: str, filename: str) -> HttpResponse:
    """Send a stored DOCX as a download, as ``stored_pdf`` does a PDF."""
    content = _read(name, sha256)
    return _damaged(request) if content is None else word_download(content, filename=filename)


def _read(name: str, sha256: str) -> bytes | None:
    try:
        return read_file(name, sha256)
    except DamagedFile:
        logger.exception("a stored file is damaged")
        return None


def _damaged(request: HttpRequest) -> HttpResponse:
    return render(request, "documents/damaged.html", status=503)
