"""Inspection of strangers' files in a process of its own: a few at a time, with little memory and time.

A file can be made to cost far more than its size suggests. Whatever it does, it ends that process alone.
"""

import faulthandler
import fcntl
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, NoReturn

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.quotas import TooMuch

logger = logging.getLogger(__name__)

# Of one machine: the rest of the portal keeps the other cores. What anybody may have searched or made leaves one free.
SLOTS: Mapping[str, Sequence[int | str]] = {
    "codes": (0,),
    "attachment": (1, 0),
    "table": (1, 0),
    "public": (0,),
    "paper": ("paper",),
}
# Who waits holds a thread of the web server.
MAX_WAIT_SECONDS = 0.5
# Above the CPU time that the process sets itself, for a machine that is busy otherwise.
MAX_SECONDS = 10
_BETWEEN_TRIES_SECONDS = 0.05
# Of one person: a hundred files as people have them, or a dozen that are made to take long.
MAX_SECONDS_AN_HOUR = 60
_AN_HOUR = 60 * 60
# What the process sets itself before it reads the file.
_BOUNDS = {"RLIMIT_AS": 512 * 1024 * 1024, "RLIMIT_CPU": 5}
# Not imported: the library that it reads files with would take memory of every web server.
_PROGRAM = str(Path(__file__).with_name("inspection.py"))


class TooBusy(RuleViolation):
    """Enough files are being inspected at this moment."""


class TooCostly(Exception):  # noqa: N818 -- it names what the file is
    """A file took more memory or time than it may, or broke what inspected it."""


def inspected(task: str, data: bytes, **settings: Any) -> Any:
    """Return what ``inspection`` finds in a file: ``codes`` or, for an ``attachment``, the reason to refuse it.

    Raises ``TooBusy`` and ``TooCostly``.
    """
    return json.loads(run_bounded(_PROGRAM, task, data, slots=SLOTS[task], settings=settings))


def run_bounded(
    program: str,
    task: str,
    data: bytes,
    *,
    slots: Sequence[int | str] = SLOTS["table"],
    settings: Mapping[str, Any] | None = None,
    bounds: Mapping[str, int] = _BOUNDS,
    seconds: int = MAX_SECONDS,
) -> bytes:
    """Return what a program of ours writes about some data, with little memory and time; it sets itself the bounds it is given.

    Raises ``TooBusy`` and ``TooCostly``.
    """
    # Isolated: it imports nothing from the folder it runs in.
    command = [sys.executable, "-I", program, task, json.dumps(settings or {}), json.dumps(bounds)]
    with _slot(slots):
        try:
            done = subprocess.run(  # our own program
                command, input=data, capture_output=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired as late:
            raise TooCostly from late
    if done.returncode:
        last_words = done.stderr[-500:].decode(errors="replace")
        # Whoever asked reads that it takes too much; only here stands why, without what stood in the file.
        kind = last_words.strip().rpartition("\n")[2].partition(":")[0]
        logger.warning("%s %s ended with %d: %s", Path(program).stem, task, done.returncode, kind)
        raise TooCostly(last_words)
    return done.stdout


def made_in_a_fork(
    make: Callable[[], bytes],
    *,
    slots: Sequence[int | str],
    bounds: Mapping[str, int],
    seconds: int,
    nice: int,
) -> bytes:
    """Return what a function of ours makes, in a copy of this process with little memory and time; all others go first.

    It may read what is in memory, and use no connection. Raises ``TooBusy`` and ``TooCostly``.
    """
    with _slot(slots), TemporaryFile() as made:
        child = os.fork()
        if child == 0:
            _make_and_end(make, made, bounds=bounds, nice=nice)
        if (ended := _ended(child, seconds=seconds)) != 0:
            logger.warning("making a document ended with %d", ended)
            raise TooCostly(str(ended))
        made.seek(0)
        return made.read()


def _make_and_end(
    make: Callable[[], bytes], made: IO[bytes], *, bounds: Mapping[str, int], nice: int
) -> NoReturn:
    """Make it and end this copy of the process, without closing what belongs to the first."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        # Whoever asked reads that it takes too much, and not where it was then.
        faulthandler.disable()
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
            signal.signal(each, signal.SIG_DFL)
        os.nice(nice)
        for name, most in bounds.items():
            # Memory beside what the process holds already: a worker grows with what it did.
            bound = most + (_held_already() if name == "RLIMIT_DATA" else 0)
            resource.setrlimit(getattr(resource, name), (bound, bound))
        made.write(make())
        made.flush()
        status = 0
    finally:
        os._exit(status)


def _held_already() -> int:
    """Return how many bytes of data this process has, as Linux counts them; nowhere else is that bounded."""
    pages = int(Path("/proc/self/statm").read_text().split()[5]) if sys.platform == "linux" else 0
    return pages * resource.getpagesize()


def _ended(child: int, *, seconds: int) -> int:
    """Return how a copy of this process ended: 0 well, else its status or, below zero, the signal; it is killed when it takes too long."""
    until, wait = time.monotonic() + seconds, 0.005
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
            until = float("inf")
        time.sleep(wait)
        wait = min(2 * wait, _BETWEEN_TRIES_SECONDS)


@contextmanager
def one_file_at_a_time(person: int) -> Iterator[None]:
    """Let one person have one file inspected at a time, so that another slot is left to the others. Raises ``TooBusy``."""
    with _slot([f"person-{person}"]):
        yield


@contextmanager
def one_map_at_a_time() -> Iterator[None]:
    """Let one map be written out at a time on a machine: a large one takes a core for seconds. Raises ``TooBusy``."""
    with _slot(["map"]):
        yield


@contextmanager
def so_long_an_hour(person: int) -> Iterator[None]:
    """Count how long the files of one person are inspected. Raises ``TooMuch`` for who had too much of it in an hour."""
    spent = f"inspecting:{person}"
    if cache.get(spent, 0) >= MAX_SECONDS_AN_HOUR * 1000:
        raise TooMuch(
            _("Checking your files took very long this hour. Try again in an hour, or with a smaller file."),
            field="file",
        )
    began = time.monotonic()
    try:
        yield
    finally:
        cache.add(spent, 0, _AN_HOUR)
        with suppress(ValueError):
            # It ends now and then.
            cache.incr(spent, round((time.monotonic() - began) * 1000))


@contextmanager
def _slot(numbers: Sequence[int | str]) -> Iterator[None]:
    """Hold one of these slots, which the system frees when a process dies."""
    ends = time.monotonic() + MAX_WAIT_SECONDS
    while (held := _free_slot(numbers)) is None:
        if time.monotonic() >= ends:
            raise TooBusy(
                _("The portal is inspecting other files at this moment. Please try again in a minute."),
                field="file",
            )
        time.sleep(_BETWEEN_TRIES_SECONDS)
    with held:
        yield


def _free_slot(numbers: Sequence[int | str]) -> IO[bytes] | None:
    folder = _folder()
    for number in numbers:
        slot = (folder / str(number)).open("ab")
        try:
            fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            slot.close()
        else:
            return slot
    return None


def _folder() -> Path:
    """Return the folder of the slots, which nobody else may write in."""
    folder = Path(settings.INSPECTION_FOLDER) / f"hubportal-inspection-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.lstat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else")
    return folder
