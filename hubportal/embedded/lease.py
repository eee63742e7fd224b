"""Who uses the embedded servers: a shared lock per process, which the system drops when one is killed."""

import atexit
import fcntl
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from hubportal.embedded.place import Place

_held: dict[Path, int] = {}


@contextmanager
def starting(place: Place) -> Iterator[None]:
    """Let one process at a time start or stop servers."""
    descriptor = _open(place.folder / "starting.lock")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def take(place: Place, *, stop: Callable[[], None]) -> None:
    """Count this process as a user until it ends; the last one calls ``stop``."""
    path = place.folder / "users.lock"
    if path in _held:
        return
    descriptor = _open(path)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    _held[path] = descriptor
    process = os.getpid()
    atexit.register(lambda: _give_up(place, path, process, stop))
    if threading.current_thread() is threading.main_thread():
        # A plain SIGTERM would skip the line above.
        signal.signal(signal.SIGTERM, _leave)


def _give_up(place: Place, path: Path, process: int, stop: Callable[[], None]) -> None:
    descriptor = _held.pop(path, None)
    if descriptor is None or os.getpid() != process:
        return
    with starting(place):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        else:
            stop()
        finally:
            os.close(descriptor)


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
