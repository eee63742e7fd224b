"""Downloads that cannot run on the portal's origin (rule 24)."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def pdf_download(content: bytes, *, filename: str) -> HttpResponse:
    """Return a PDF that browsers save, never show or run on the portal's origin, and never cache."""
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(True, filename) or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "no-store, private",
        },
    )
