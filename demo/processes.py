"""The processes of a running portal, started and stopped together."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psycopg

from hubportal.embedded.place import PROJECT

Environment = Mapping[str, str]
# Any number does, as long as nothing else in the portal locks it.
_DEMO_LOCK = 2024_04_09
_PR_SET_PDEATHSIG = 1


class ProcessEndedError(Exception):
    """A process ended unexpectedly; the message names it and its log file."""


class Processes:
    """Child processes with log files, which end when this one ends."""

    def __init__(self, folder: Path, environment: Environment) -> None:
        self.folder = folder
        self.environment = {**os.environ, **environment}
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *arguments: str) -> None:
        """Start a Python module as a process of its own session."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(  # our own modules
                [sys.executable, "-m", *arguments],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                # A group of its own: Ctrl-C reaches only us, and we stop each in good order.
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )

    def check(self) -> None:
        """Raise ``ProcessEndedError`` when one has ended."""
        for name, process in self.running.items():
            if process.poll() is not None:
                log = self.folder / f"{name}.log"
                words = log.read_text(errors="replace")[-1500:]
                raise ProcessEndedError(f"{name} ended with {process.returncode}; {log} ends with:\n{words}")

    def stop(self) -> None:
        """Terminate each, and kill those that do not stop within twenty seconds."""
        for process in self.running.values():
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        until = time.monotonic() + 20
        for process in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=max(0.1, until - time.monotonic()))
            # And its remaining children.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class AlreadyRunningError(Exception):
    """Another demo uses the database."""


@contextlib.contextmanager
def alone(database_url: str) -> Iterator[None]:
    """Hold a database for one demo, which could otherwise begin anew under the people who use another.

    Raises ``AlreadyRunningError``. The database drops the lock of a demo that is killed.
    """
    with psycopg.connect(database_url, autocommit=True) as connection:
        if connection.execute("SELECT pg_try_advisory_lock(%s)", [_DEMO_LOCK]).fetchone() != (True,):
            raise AlreadyRunningError("a demo already runs on this database; end it first with Ctrl-C")
        yield


@contextlib.contextmanager
def running(folder: Path, environment: Environment) -> Iterator[Processes]:
    """Provide a set of processes that is always stopped at the end."""
    processes = Processes(folder, environment)
    try:
        yield processes
    finally:
        processes.stop()


def start_jobs(processes: Processes) -> None:
    """Start a worker, one that sends mails, and beat."""
    for name, queue, at_once in (("worker", "celery", "2"), ("mailer", "mail", "1")):
        processes.start(
            name,
            *("celery", "-A", "hubportal", "worker", "--queues", queue, "--hostname", f"{name}@%h"),
            *("--concurrency", at_once, "--loglevel", "INFO", "--without-gossip", "--without-mingle"),
        )
    schedule = processes.folder / "beat-schedule"
    for stale in processes.folder.glob("beat-schedule*"):
        stale.unlink()
    processes.start(
        "beat",
        "celery",
        "-A",
        "hubportal",
        "beat",
        "--loglevel",
        "INFO",
        "-s",
        str(schedule),
        "--pidfile",
        "",
    )


def start_receiver(processes: Processes, listens: str) -> None:
    """Start the process that takes answers by mail."""
    processes.start("receiver", "manage", "receive_mail", "--listen", listens)


def start_web(processes: Processes, port: int) -> None:
    """Start the web server on loopback."""
    processes.start(
        "web",
        *("gunicorn", "hubportal.wsgi", "--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--timeout", "60"),
        *("--access-logfile", "-", "--no-control-socket"),
    )


def serve_for_developing(processes: Processes, port: int) -> None:
    """Serve in this terminal in debug mode, and anew after each change of code, until Ctrl-C."""
    process = subprocess.Popen(  # our own command
        [sys.executable, "manage.py", "runserver", f"127.0.0.1:{port}"],
        env={**processes.environment, "HUBPORTAL_DEBUG": "1"},
        cwd=PROJECT,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,
    )
    try:
        with contextlib.suppress(KeyboardInterrupt):
            process.wait()
    finally:
        # Asked, not killed: it has a process of its own to end.
        process.terminate()
        process.wait()


def wait_until_served(processes: Processes, address: str, *, seconds: float = 60) -> None:
    """Return when the address answers. Raises ``ProcessEndedError`` when it does not within the time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        processes.check()
        with contextlib.suppress(URLError, OSError), urlopen(f"{address}/healthz/live", timeout=2):  # noqa: S310
            return
        time.sleep(0.1)
    raise ProcessEndedError(f"{address} does not answer; see {processes.folder}/web.log")


def free_port(wanted: int) -> int:
    """Return the wanted port, or the next one that is free."""
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise ProcessEndedError(f"no port is free from {wanted} to {wanted + 49}")


def _end_with_parent() -> None:
    """Ask the system to end this process when its parent is killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
