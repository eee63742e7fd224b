"""From a template and its content to PDF/A-2a with PDF/UA-1: the only place that knows WeasyPrint."""

import gc
import mimetypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pydyf
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import CSS, HTML, Document
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from hubportal.documents.domain import conformance
from hubportal.kernel.clock import AMSTERDAM

# Not "srgb": under that name WeasyPrint would read its own.
_COLOURS = "hubportal-srgb"
# The font configuration is one for the process and belongs to one rendering at a time.
_one_at_a_time = Lock()


class ForbiddenResource(Exception):  # noqa: N818 -- it names what happened
    """A template or its content points at something that is not a static file of ours."""


class _OwnFilesOnly(URLFetcher):
    """Reads the project's own static files; nothing else, and never the network."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return a static file, or stop the rendering."""
        parts = urlsplit(url)
        path = Path(url2pathname(parts.path)).resolve()
        if parts.scheme != "file" or not any(path.is_relative_to(each) for each in _static_folders()):
            raise FatalURLFetchingError(url[:200])
        # All of ours have a kind that is known: style sheets, fonts and pictures.
        kind, _encoding = mimetypes.guess_type(path.name)
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": str(kind)})


def _static_folders() -> list[Path]:
    return [Path(each).resolve() for each in settings.STATICFILES_DIRS]


@lru_cache(maxsize=1)
def _look() -> tuple[FontConfiguration, CSS, _OwnFilesOnly]:
    """Read fonts and style once: it takes longer than a letter."""
    fonts, fetcher = FontConfiguration(), _OwnFilesOnly()
    style = _static_folders()[0] / "css" / "letters.css"
    return fonts, CSS(filename=style, font_config=fonts, url_fetcher=fetcher), fetcher


class _ProfileAsItIs(ColorProfile):
    """A colour profile as its file has it; written again by WeasyPrint, it would be longer from its second use on."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(BytesIO(content), name, "relative-colorimetric", (["r"], ["g"], ["b"]))  # type: ignore[no-untyped-call]
        self.content_of_file = content

    @property
    def content(self) -> bytes:
        """Return the bytes of the file."""
        return self.content_of_file


@lru_cache(maxsize=1)
def _colours() -> ColorProfile:
    """Read the colour profile once; WeasyPrint would open it for each letter and never close it."""
    name = "sRGB2014.icc"
    return _ProfileAsItIs((files("weasyprint.pdf") / name).read_bytes(), name)


@contextmanager
def _collected_afterwards() -> Iterator[None]:
    """Suspend garbage collection: a page is one large graph of objects that is freed at the end.

    Collecting a dozen times on the way took a sixth of the time of a letter.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def render_pdf(
    *,
    template: str,
    context: Mapping[str, Any],
    title: str,
    reference: str,
    created_at: datetime,
    publisher: str = "Hubportaal",
    code: str = "",
    language: str = "nl",
) -> bytes:
    """Return a template of ``letters/`` as tagged PDF, ready to be signed; the same input, the same bytes.

    ``publisher`` and ``code`` (the verification code) go into the metadata only. Raises
    ``ForbiddenResource`` when the page asks for anything but a static file.
    """
    with translation.override(language):
        html = render_to_string(f"letters/{template}", {**context, "title": title, "language": language})
    local = created_at.astimezone(AMSTERDAM)
    imprint = conformance.Imprint(title, reference, publisher, code, language, local)

    def finish(_: Document, pdf: pydyf.PDF) -> None:
        conformance.complete(pdf, imprint)

    with _one_at_a_time, _collected_afterwards():
        fonts, style, fetcher = _look()
        try:
            pdf: bytes = HTML(string=html, base_url=style.base_url, url_fetcher=fetcher).write_pdf(
                stylesheets=[style],
                font_config=fonts,
                color_profiles={_COLOURS: _colours()},
                output_intent=_COLOURS,
                pdf_variant="pdf/a-2a",
                finisher=finish,
            )
        except FatalURLFetchingError as refused:
            raise ForbiddenResource(str(refused)) from refused
    return pdf
