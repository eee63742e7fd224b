"""Whether an archive of office software can be unpacked at little cost, before any library reads it.

Loaded by the programs that read strangers' files, see ``bounded.py``: this module knows neither Django nor the rest of the
portal.
"""

import zipfile
import zlib
from io import BytesIO

# Why a file is refused.
DAMAGED, COSTLY, ENCRYPTED = "damaged", "costly", "encrypted"
MAX_ENTRIES = 1000
_PIECE = 64 * 1024
# Of files that Office wrote before 2007, and of those that it keeps behind a password.
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
_DECLARATIONS = (b"<!doctype", b"<!entity")


class RefusedArchive(Exception):  # noqa: N818 -- it names what the file is
    """An archive that is not read, with the reason."""


def check_archive(data: bytes, *, max_unpacked: int) -> None:
    """Refuse an archive that unpacks to too much, whatever it says of itself, or that declares entities of XML.

    Raises ``RefusedArchive``.
    """
    if data.startswith(OLD_OR_LOCKED):
        raise RefusedArchive(ENCRYPTED)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or sum(each.file_size for each in entries) > max_unpacked:
                raise RefusedArchive(COSTLY)
            if any(each.flag_bits & 1 for each in entries):
                raise RefusedArchive(ENCRYPTED)
            _check_entries(archive, entries, max_unpacked)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as problem:
        raise RefusedArchive(DAMAGED) from problem


def _check_entries(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], max_unpacked: int) -> None:
    for entry in entries:
        before = b""
        with archive.open(entry) as opened:
            # What it says of its size is checked while it is unpacked.
            while part := opened.read(_PIECE):
                max_unpacked -= len(part)
                if max_unpacked < 0:
                    raise RefusedArchive(COSTLY)
                # A declaration may stand where two pieces meet; in two bytes per letter it has zeros in between.
                seen = (before + part).replace(b"\0", b"").lower()
                if any(each in seen for each in _DECLARATIONS):
                    raise RefusedArchive(DAMAGED)
                before = part[-64:]
