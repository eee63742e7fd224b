"""What is accepted as an attachment: a real PDF without active content (rule 24)."""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePath
from typing import IO

import pikepdf
import puremagic
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from hubportal.kernel.errors import RuleViolation

# What a file of the allowed size may unpack to; a drawing or a scan stays far below it.
_MAX_EXPANSION = 40
_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/XFA", "/EmbeddedFiles", "/EF", "/RichMediaContent"})
_ACTIVE_ACTIONS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition"})
_ACTIVE_ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
_STREAM = re.compile(rb"stream[\r\n ]+")
_PIECE = 16 * 1024
_LARGEST_PART = 1024 * 1024


class RefusedFile(RuleViolation):
    """An uploaded file that the portal refuses."""


def check_pdf(file: IO[bytes]) -> None:
    """Check an uploaded file by its content, and rewind it.

    Raises ``RefusedFile`` with the reason: too large, not a PDF, damaged, encrypted, or able to run
    or carry something.
    """
    file.seek(0)
    data = file.read(settings.UPLOAD_LIMIT_BYTES + 1)
    file.seek(0)
    if len(data) > settings.UPLOAD_LIMIT_BYTES:
        raise RefusedFile(
            _("This file is too large. A file can be at most %(limit)s.") % {"limit": upload_limit()}
        )
    _check_is_pdf(data)
    if unpacked_size(data, limit=settings.UPLOAD_LIMIT_BYTES * _MAX_EXPANSION) is None:
        raise RefusedFile(
            _("This PDF unpacks to far more than its own size. Save it as a PDF again and retry.")
        )
    _check_opens_and_is_passive(data)


def upload_limit() -> str:
    """Return the limit for one file as people read it, such as ``10 MB``."""
    return filesizeformat(settings.UPLOAD_LIMIT_BYTES).replace(",0", "").replace(".0", "")


def _check_is_pdf(data: bytes) -> None:
    if data.startswith(b"%PDF-"):
        return
    kind = _kind_of(data)
    if kind:
        raise RefusedFile(
            _("This file is not a PDF but a file of the type %(kind)s. Save it as a PDF and add it again.")
            % {"kind": kind}
        )
    raise RefusedFile(_("This file is not a PDF. Save it as a PDF and add it again."))


def _kind_of(data: bytes) -> str:
    """Return what the content says it is (``zip``, ``docx``), or nothing where it says nothing."""
    if data.startswith(b"PK\x03\x04"):
        # Office files are zips that name themselves in their first entries.
        for folder, kind in ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx")):
            if folder in data[:4000]:
                return kind
        return "zip"
    try:
        return PurePath("x" + puremagic.from_string(data[:8192])).suffix.lstrip(".")
    except (puremagic.PureError, ValueError):
        return ""


def _check_opens_and_is_passive(data: bytes) -> None:
    try:
        with pikepdf.open(BytesIO(data), attempt_recovery=False) as pdf:
            if pdf.is_encrypted:
                raise _encrypted()
            if len(pdf.pages) == 0:
                raise _damaged()
            if any(_is_active(each) for each in _dictionaries(pdf)):
                raise RefusedFile(
                    _(
                        "This PDF contains a script, an action or another file inside it. "
                        "Print it to a new PDF and add that one."
                    )
                )
    except pikepdf.PasswordError as locked:
        raise _encrypted() from locked
    except (pikepdf.PdfError, ValueError, RuntimeError, RecursionError, OverflowError) as broken:
        raise _damaged() from broken


def _encrypted() -> RefusedFile:
    return RefusedFile(_("This PDF is protected with a password. Add a version without protection."))


def _damaged() -> RefusedFile:
    return RefusedFile(_("This PDF is damaged or incomplete. Make it again and add the new one."))


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Yield every dictionary of the file, also those inside others; each object once."""
    waiting = list(pdf.objects)
    while waiting:
        each = waiting.pop()
        if isinstance(each, pikepdf.Array):
            waiting.extend(item for item in each if _is_container(item) and not item.is_indirect)
        elif isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            yield each
            waiting.extend(
                value for _, value in each.items() if _is_container(value) and not value.is_indirect
            )


def _is_container(value: object) -> bool:
    return isinstance(value, pikepdf.Array | pikepdf.Dictionary)


def _is_active(dictionary: pikepdf.Object) -> bool:
    return (
        not _ACTIVE_KEYS.isdisjoint(dictionary.keys())
        or _name(dictionary, "/S") in _ACTIVE_ACTIONS
        or _name(dictionary, "/Subtype") in _ACTIVE_ANNOTATIONS
    )


def _name(dictionary: pikepdf.Object, key: str) -> str:
    value = dictionary.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""


def unpacked_size(data: bytes, *, limit: int) -> int | None:
    """Return how many bytes the packed streams of a PDF hold, or ``None`` when more than ``limit``."""
    total = 0
    for part in unpacked_streams(data, limit=limit):
        total += len(part)
        if total >= limit:
            return None
    return total


def unpacked_streams(data: bytes, *, limit: int) -> Iterator[bytes]:
    """Yield what each packed stream of a PDF holds, in pieces, ``limit`` bytes in all.

    Parses no structure, so a hostile file cannot mislead it.
    """
    left = limit
    for start in _STREAM.finditer(data):
        for part in _unpacked(data, start.end(), limit=left):
            left -= len(part)
            yield part
        if left <= 0:
            return


def _unpacked(data: bytes, start: int, *, limit: int) -> Iterator[bytes]:
    """Yield what is packed from here on, fed in small pieces so that nothing large is copied."""
    unpacker = zlib.decompressobj()
    packed = b""
    while limit > 0 and not unpacker.eof:
        if not packed:
            packed, start = data[start : start + _PIECE], start + _PIECE
        if not packed:
            return
        try:
            part = unpacker.decompress(packed, min(limit, _LARGEST_PART))
        except zlib.error:
            return
        packed = unpacker.unconsumed_tail
        limit -= len(part)
        yield part
