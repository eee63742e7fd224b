"""Downloads that cannot run on the portal's origin (rule 24)."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from hubportal.kernel.calendars import CalendarMoment, calendar_of


def pdf_download(content: bytes, *, filename: str) -> HttpResponse:
    """Return a PDF that browsers save, never show or run on the portal's origin, and never cache."""
    return _download(content, content_type="application/pdf", filename=filename)


def word_download(content: bytes, *, filename: str) -> HttpResponse:
    """Return a DOCX, which browsers save."""
    return _download(
        content,
        content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        filename=filename,
    )


def calendar_download(moments: Iterable[CalendarMoment], *, filename: str, made_at: datetime) -> HttpResponse:
    """Return a calendar file of moments, which browsers save or hand to the calendar."""
    host = urlsplit(settings.PUBLIC_ADDRESS).hostname or "localhost"
    content = calendar_of(moments, host=host, made_at=made_at)
    return _download(content, content_type="text/calendar; charset=utf-8", filename=filename)


def _download(content: bytes, *, content_type: str, filename: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": content_disposition_header(True, filename) or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "no-store, private",
        },
    )
