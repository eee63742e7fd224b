"""Downloads of stored files."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hubportal.documents.domain.files import DamagedFile, read_file
from hubportal.downloads import pdf_download

logger = logging.getLogger(__name__)


def stored_pdf(request: HttpRequest, *, name: str, sha256: str, filename: str) -> HttpResponse:
    """Send a stored PDF as a download; of a damaged one only that it is damaged, and log it."""
    try:
        content = read_file(name, sha256)
    except DamagedFile:
        logger.exception("a stored file is damaged")
        return render(request, "documents/damaged.html", status=503)
    return pdf_download(content, filename=filename)
