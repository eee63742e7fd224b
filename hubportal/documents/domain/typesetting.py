"""From HTML to PDF/A-2a with PDF/UA-1: the only place that knows WeasyPrint."""

import gc
import mimetypes
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pydyf
from weasyprint import CSS, HTML, Document
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

# Not "srgb": under that name WeasyPrint would read its own.
_COLOURS = "hubportal-srgb"
# The font configuration is one for the process and belongs to one rendering at a time.
_one_at_a_time = Lock()


class ForbiddenResource(Exception):  # noqa: N818 -- it names what happened
    """A template or its content points at something that is not a static file of ours."""


class _OwnFilesOnly(URLFetcher):
    """Reads the project's own static files; nothing else, and never the network."""

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.folders = folders

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return a static file, or stop the rendering."""
        parts = urlsplit(url)
        path = Path(url2pathname(parts.path)).resolve()
        if parts.scheme != "file" or not any(path.is_relative_to(each) for each in self.folders):
            raise FatalURLFetchingError(url[:200])
        # All of ours have a kind that is known: style sheets, fonts and pictures.
        kind, _encoding = mimetypes.guess_type(path.name)
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": str(kind)})


@lru_cache(maxsize=1)
def _look(folders: tuple[Path, ...]) -> tuple[FontConfiguration, CSS, _OwnFilesOnly]:
    """Read fonts and style once: it takes longer than a letter."""
    fonts, fetcher = FontConfiguration(), _OwnFilesOnly(folders)
    style = folders[0] / "css" / "letters.css"
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


def typeset(html: str, *, folders: Sequence[Path], finish: Callable[[pydyf.PDF], None]) -> bytes:
    """Return a page of HTML as tagged PDF; the same input, the same bytes.

    ``folders``: where its static files lie, the style sheet in the first; ``finish`` adds what WeasyPrint leaves out. Raises
    ``ForbiddenResource`` when the page asks for anything but a static file.
    """

    def complete(_: Document, pdf: pydyf.PDF) -> None:
        finish(pdf)

    with _one_at_a_time, _collected_afterwards():
        fonts, style, fetcher = _look(tuple(folders))
        try:
            pdf: bytes = HTML(string=html, base_url=style.base_url, url_fetcher=fetcher).write_pdf(
                stylesheets=[style],
                font_config=fonts,
                color_profiles={_COLOURS: _colours()},
                output_intent=_COLOURS,
                pdf_variant="pdf/a-2a",
                finisher=complete,
            )
        except FatalURLFetchingError as refused:
            raise ForbiddenResource(str(refused)) from refused
    return pdf
