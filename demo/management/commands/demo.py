"""Try the portal: serve it with fictional people and cases, or check its main job from end to end."""

import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from demo.domain.schema import is_outdated, stamp
from demo.domain.seeding import is_filled, seed
from demo.processes import (
    AlreadyRunningError,
    ProcessEndedError,
    Processes,
    alone,
    free_port,
    running,
    serve_for_developing,
    start_jobs,
    start_receiver,
    start_web,
    wait_until_served,
)

# At a domain that is none: a mail server elsewhere is never asked.
ANSWERS_ADDRESS = "antwoord@antwoorden.hubportaal.example"
RUN_FOLDER = settings.BASE_DIR / ".run"


class Command(BaseCommand):
    """Serve the demo, or check the main job."""

    help = "Serve the portal with fictional people and cases; --check plays the call of 2024 instead."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do."""
        parser.add_argument("--check", action="store_true", help="play the call of 2024 and serve nobody")
        parser.add_argument("--reset", action="store_true", help="begin anew")
        parser.add_argument(
            "--debug", action="store_true", help="show errors whole, and follow changes of code"
        )
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, check: bool, reset: bool, debug: bool, port: int, **options: Any) -> None:
        """Do one or the other."""
        if check:
            sys.exit(self._check())
        try:
            with alone(os.environ["DATABASE_URL"]):
                if reset:
                    self._empty()
                self._serve(port, debug=debug)
        except AlreadyRunningError as problem:
            raise CommandError(str(problem)) from problem

    def _serve(self, port: int, *, debug: bool) -> None:
        if is_outdated():
            self._say("this demo was made by an earlier version whose tables differ, so it begins anew")
            self._empty()
        self._say("bringing the database up to date")
        call_command("migrate", verbosity=0)
        stamp()
        port = free_port(port)
        address = f"http://127.0.0.1:{port}"
        # The mails of the cases that are made now lead there too.
        settings.PUBLIC_ADDRESS = address
        settings.ANSWERS_BY_MAIL_ADDRESS = ANSWERS_ADDRESS
        self._fill()
        connection.close()
        listens = f"127.0.0.1:{free_port(port + 1000)}"
        environment = {
            "HUBPORTAL_ADDRESS": address,
            "HUBPORTAL_ANSWERS_ADDRESS": ANSWERS_ADDRESS,
            "HUBPORTAL_ANSWERS_LISTENS": listens,
        }
        with running(RUN_FOLDER / "demo", environment) as processes:
            start_jobs(processes)
            start_receiver(processes, listens)
            if debug:
                serve_for_developing(processes, port)
            else:
                start_web(processes, port)
                wait_until_served(processes, address)
                self.stdout.write(self.style.SUCCESS(f"\n  The portal is at {address}\n"))
                self._say("press Ctrl-C to stop; logs are in .run/demo")
                self._watch(processes)
        self._say("stopped")

    def _fill(self) -> None:
        """Seed the demo cases the first time; of the jobs that this runs only problems are logged."""
        if is_filled():
            self._say("the demo goes on where it ended")
        else:
            self._say("making the demo cases; this first time takes about a minute")
        logging.disable(logging.INFO)
        try:
            seed(settings.BASE_DIR / "fixtures")
        finally:
            logging.disable(logging.NOTSET)

    def _watch(self, processes: Processes) -> None:
        """Wait for Ctrl-C; end with a reason when a process ends by itself."""
        signal.signal(signal.SIGHUP, lambda *_: sys.exit(0))
        try:
            while True:
                time.sleep(0.5)
                processes.check()
        except KeyboardInterrupt:
            self._say("stopping")
        except ProcessEndedError as problem:
            raise CommandError(str(problem)) from problem

    def _check(self) -> int:
        """Run the play in a process of its own, on a database, a broker space and a folder of its own."""
        storage = RUN_FOLDER / "check"
        shutil.rmtree(storage, ignore_errors=True)
        storage.mkdir(parents=True)
        environment = {
            **os.environ,
            "DATABASE_URL": self._fresh_database("check"),
            "REDIS_URL": _other_space(os.environ["REDIS_URL"], 7),
            "HUBPORTAL_STORAGE": str(storage / "storage"),
            "HUBPORTAL_SWEEP_SECONDS": "3",
            "EMAIL_URL": f"filemail://{storage}/storage/mails",
        }
        command = [sys.executable, "manage.py", "play_call_2024", "--folder", str(storage)]
        return subprocess.run(command, env=environment, cwd=settings.BASE_DIR, check=False).returncode

    def _fresh_database(self, suffix: str) -> str:
        """Make an empty database beside ours and return its address."""
        address = urlsplit(os.environ["DATABASE_URL"])
        name = f"{address.path.lstrip('/')}_{suffix}"
        identifier = psycopg.sql.Identifier(name)
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
            server.execute(psycopg.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
            server.execute(psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(identifier))
        return urlunsplit(address._replace(path=f"/{name}"))

    def _empty(self) -> None:
        self._say("removing the demo's data")
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        connection.close()
        shutil.rmtree(settings.STORAGE_DIR, ignore_errors=True)

    def _say(self, words: str) -> None:
        self.stdout.write(f"demo: {words}")
        self.stdout.flush()


def _other_space(address: str, number: int) -> str:
    """Return the address of another numbered space of the same Redis or Valkey server."""
    return urlunsplit(urlsplit(address)._replace(path=f"/{number}"))
