"""Files that are stored: written whole or not at all, and read only as they were written.

Their rows hold a name and a SHA-256. Rows of any app can name files: each says so in a module ``files``.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from django.core.files.storage import default_storage

from hubportal.audit.domain.collecting import modules_named
from hubportal.kernel.canonical import digest


class DamagedFile(Exception):  # noqa: N818 -- it names what happened
    """The stored bytes are gone, or differ from what was stored."""


class StoredFile(NamedTuple):
    """A file and the row that names it: ``about`` is what the row is known by."""

    kind: str
    row: int
    about: str
    name: str
    sha256: str


def every_stored_file() -> Iterator[StoredFile]:
    """Yield the files that apps name beside documents, such as attachments."""
    for module in modules_named("files"):
        yield from module.stored_files()


def write_file(name: str, content: bytes, sha256: str) -> None:
    """Store the bytes under exactly this name, also over what a crash, a full disk or another process left there.

    Written beside it first, and moved when all of it is on the disk: under the name there is all of it, or nothing.
    """
    if _has(name, sha256):
        return
    place = Path(default_storage.path(name))
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, written = tempfile.mkstemp(dir=place.parent, prefix=".", suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(written).replace(place)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(written).unlink()
        raise
    _flush(place.parent)


def read_file(name: str, sha256: str) -> bytes:
    """Return the bytes stored under a name. Raises ``DamagedFile`` when they are gone or no longer match their SHA-256."""
    try:
        with default_storage.open(name) as stored:
            content: bytes = stored.read()
    except OSError as missing:
        raise DamagedFile(f"{name} cannot be read") from missing
    if digest(content) != sha256:
        raise DamagedFile(f"{name} does not match its SHA-256")
    return content


def _has(name: str, sha256: str) -> bool:
    try:
        read_file(name, sha256)
    except DamagedFile:
        return False
    return True


def _flush(folder: Path) -> None:
    """Have the disk keep the new name too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
