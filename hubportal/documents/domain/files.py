"""Files that are stored: written whole or not at all, and read only as they were written.

Their rows hold a name and a SHA-256. Rows of any app can name files: each says so in a module ``files``.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from django.core.files.storage import default_storage

from hubportal.audit.domain.collecting import modules_named
from hubportal.kernel.canonical import digest

# Everything that is stored stands below these.
FOLDERS = ("documents", "attachments")


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
    with folder_lock(is_shared=True):
        if _has(name, sha256):
            # As new as if it were written now: what a failed act left behind is needed after all.
            os.utime(default_storage.path(name))
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


@contextmanager
def folder_lock(*, is_shared: bool) -> Iterator[None]:
    """Hold off, or be, whoever removes files: between seeing that one is there and relying on it."""
    path = Path(default_storage.path(".lock"))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX)
        yield


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


def stands(name: str, size: int) -> bool:
    """Tell at a glance, without reading it, whether a file of this size is stored under a name."""
    try:
        return default_storage.size(name) == size
    except OSError:
        return False


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
