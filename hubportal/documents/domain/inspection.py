"""What is inside a PDF: whether it can act or carry something, and which codes it holds.

Files of strangers are inspected in a process of their own, see ``bounded.py``: this module runs as a program too,
and knows neither Django nor the rest of the portal.
"""

import json
import re
import resource
import sys
import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import chain

import pikepdf

# Why a file is refused; nothing when it is not.
ACTIVE, DAMAGED, ENCRYPTED, COSTLY = "active", "damaged", "encrypted", "costly"

_ACTIVE_KEYS = frozenset(
    {"/JS", "/JavaScript", "/XFA", "/EmbeddedFiles", "/EF", "/RichMediaContent", "/UF", "/OPI"}
)
_ACTIVE_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToR", "/GoToE", "/Thread", "/Rendition"}
)
# A link may lead to pages, mailboxes and telephones, or in the file itself. Any other opens a file or a program, or tells a machine
# elsewhere who reads this; readers pass over signs that do not show, and take some signs for others.
_UNSEEN_SIGNS = re.compile(r"[\x00-\x20\x7f]+")
_LEADS_TO_A_PAGE = re.compile(
    r"(?:(?:https?://|www\.)[^\\]*|(?:mailto|tel):.*|#.*|[^@/\\:]+@[^@/\\:]+|)", re.IGNORECASE | re.DOTALL
)
_ACTIVE_ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
# What qpdf says of what it passes over.
_UNSEEN = re.compile(r"deeply nested|duplicated? key|treating as null|error reading|too many errors|ignoring")
# A drawing of 10 MB stays far below it.
MAX_VALUES = 400_000
_STREAM = re.compile(rb"stream[\r\n ]+")
_FIRST_PIECE = 64
_PIECE = 16 * 1024
_LARGEST_PART = 1024 * 1024
# Seen by ``unpacked_streams``, or a picture.
_PACKED_ONCE = frozenset({"/FlateDecode", "/DCTDecode", "/JPXDecode", "/JBIG2Decode", "/CCITTFaxDecode"})
# Packed bytes are read at most this often, however many streams begin in the same bytes.
_MAX_READINGS = 2


class CostlyFile(Exception):  # noqa: N818 -- it names what the file is
    """A file that takes far more than its size to read."""


def reason_to_refuse(data: bytes, *, max_unpacked: int) -> str:
    """Return why a PDF is refused as an attachment, or nothing (rule 24)."""
    try:
        for part in unpacked_streams(data):
            max_unpacked -= len(part)
            if max_unpacked <= 0:
                return COSTLY
        return _reason_inside(data, max_unpacked)
    except CostlyFile:
        return COSTLY


def codes_in(data: bytes, *, pattern: bytes, max_codes: int, max_unpacked: int) -> list[str]:
    """Return the codes in a PDF, plain or packed, as far as they can be found at little cost."""
    found: set[str] = set()
    try:
        for part in chain((data,), unpacked_streams(data)):
            found.update(each[0].decode() for each in re.finditer(pattern, part))
            max_unpacked -= len(part)
            if len(found) >= max_codes or max_unpacked <= 0:
                break
    except CostlyFile:
        pass
    return sorted(found)[:max_codes]


def unpacked_streams(data: bytes) -> Iterator[bytes]:
    """Yield what each packed stream of a PDF holds, in pieces. Raises ``CostlyFile``.

    Parses no structure, so a hostile file cannot mislead it.
    """
    readable = _MAX_READINGS * len(data) + _PIECE
    for start in _STREAM.finditer(data):
        for packed, part in _unpacked(data, start.end()):
            readable -= packed
            if readable <= 0:
                raise CostlyFile
            if part:
                yield part


def _unpacked(data: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield how many bytes were read from here on, and what they hold; in small pieces, so that nothing large is copied."""
    unpacker = zlib.decompressobj()
    size = _FIRST_PIECE
    while not unpacker.eof and (packed := data[start : start + size]):
        start, size = start + len(packed), _PIECE
        while packed:
            try:
                part = unpacker.decompress(packed, _LARGEST_PART)
            except zlib.error:
                yield len(packed), b""
                return
            # At its end it may keep for ever what it was given last.
            left = b"" if unpacker.eof else unpacker.unconsumed_tail
            yield len(packed) - len(left) - len(unpacker.unused_data), part
            packed = left


def _reason_inside(data: bytes, max_unpacked: int) -> str:
    try:
        with pikepdf.open(BytesIO(data), attempt_recovery=False) as pdf:
            reason = _reason_of(pdf)
            for part in () if reason else _packed_otherwise(pdf):
                max_unpacked -= len(part)
                if max_unpacked <= 0:
                    return COSTLY
            return reason
    except pikepdf.PasswordError:
        return ENCRYPTED
    except (pikepdf.PdfError, ValueError, RuntimeError, RecursionError, OverflowError):
        return DAMAGED
    except MemoryError:
        return COSTLY


def _reason_of(pdf: pikepdf.Pdf) -> str:
    if pdf.is_encrypted:
        return ENCRYPTED
    if len(pdf.pages) == 0:
        return DAMAGED
    if any(_is_active(each) for each in _dictionaries(pdf)):
        return ACTIVE
    # What could not be read was not seen, and another reader may make more of it.
    return DAMAGED if any(_UNSEEN.search(str(each)) for each in pdf.get_warnings()) else ""


def _packed_otherwise(pdf: pikepdf.Pdf) -> Iterator[bytes]:
    """Yield what each stream holds that is packed otherwise than ``unpacked_streams`` sees: twice, or written as letters."""
    for each in pdf.objects:
        if isinstance(each, pikepdf.Stream) and not _is_packed_once(each):
            try:
                yield each.read_bytes(pikepdf.StreamDecodeLevel.specialized)
            except pikepdf.PdfError:
                # A picture, which readers unpack by its size.
                continue


def _is_packed_once(stream: pikepdf.Stream) -> bool:
    filters = stream.get("/Filter", pikepdf.Array())
    names = [_name(each) for each in filters] if isinstance(filters, pikepdf.Array) else [_name(filters)]
    return len(names) <= 1 and _PACKED_ONCE.issuperset(names)


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[dict[str, pikepdf.Object]]:
    """Yield what each dictionary of the file holds, also those inside others; each once. Raises ``CostlyFile``."""
    waiting: list[pikepdf.Object] = [pdf.trailer, *pdf.objects]
    seen = 0
    while waiting:
        each = waiting.pop()
        if isinstance(each, pikepdf.Array):
            values: list[pikepdf.Object] = list(each)
        elif isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            held = dict(each.items())
            yield held
            values = list(held.values())
        else:
            continue
        seen += 1 + len(values)
        if seen > MAX_VALUES:
            raise CostlyFile
        # Of the others each stands by itself among the objects.
        waiting.extend(value for value in values if _is_container(value) and not value.is_indirect)


def _is_container(value: object) -> bool:
    return isinstance(value, pikepdf.Array | pikepdf.Dictionary)


def _is_active(held: dict[str, pikepdf.Object]) -> bool:
    return (
        not _ACTIVE_KEYS.isdisjoint(held)
        or _name(held.get("/S")) in _ACTIVE_ACTIONS
        or _name(held.get("/Subtype")) in _ACTIVE_ANNOTATIONS
        # The name of a file elsewhere; of annotations this key holds flags, and a font may be called so.
        or isinstance(held.get("/F"), pikepdf.String)
        or any(map(_acts_by_itself, _run_by_themselves(held)))
        or _leads_elsewhere(held.get("/URI"))
    )


def _leads_elsewhere(address: object) -> bool:
    """Tell whether a link leads to anything but a page or a mailbox; a catalog keeps there what all its links begin with."""
    if isinstance(address, pikepdf.Dictionary):
        return "/Base" in address
    if not isinstance(address, pikepdf.String):
        return False
    return _LEADS_TO_A_PAGE.fullmatch(_UNSEEN_SIGNS.sub("", str(address))) is None


def _name(value: object) -> str:
    """Return a name; nothing for another value, and for a name in no known letters, which no reader acts on."""
    try:
        return str(value) if isinstance(value, pikepdf.Name) else ""
    except UnicodeDecodeError:
        return ""


def _run_by_themselves(held: dict[str, pikepdf.Object]) -> list[object]:
    """Return the actions that run when a file, page or field is opened, closed or shown."""
    events = held.get("/AA")
    named = [action for _event, action in events.items()] if isinstance(events, pikepdf.Dictionary) else []
    return [held.get("/OpenAction"), *named]


def _acts_by_itself(action: object) -> bool:
    """Tell whether something else happens than that another page is shown."""
    return isinstance(action, pikepdf.Dictionary) and (
        _name(action.get("/S")) != "/GoTo" or "/Next" in action
    )


def main(arguments: list[str]) -> None:
    """Inspect what comes in, with little memory and time, and print what was found as JSON."""
    task, settings, bounds = arguments[0], json.loads(arguments[1]), json.loads(arguments[2])
    for name, most in bounds.items():
        resource.setrlimit(getattr(resource, name), (most, most))
    data = sys.stdin.buffer.read()
    if task == "codes":
        settings["pattern"] = settings["pattern"].encode()
        found: object = codes_in(data, **settings)
    else:
        found = reason_to_refuse(data, **settings)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
