"""The embedded servers, really started, killed and found again; each test has a project folder of its own."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import psutil
import psycopg
import pytest
import redis

from hubportal.embedded.place import MAX_SOCKET_FOLDER_LENGTH, UNPRIVILEGED, find_place
from tests.architecture.sources import ROOT

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, who alone has an account for the servers")

# Provides the servers, says where they are, and stays until its input ends.
USER = """
import json, os, sys
from pathlib import Path
from hubportal import embedded
from hubportal.embedded.place import EmbeddedServerError
try:
    embedded.provide(Path(sys.argv[1]))
except EmbeddedServerError as problem:
    sys.exit(str(problem))
print(json.dumps([os.environ["DATABASE_URL"], os.environ["REDIS_URL"]]), flush=True)
sys.stdin.read()
"""


class ServerUser:
    """A process that uses the embedded servers of a project."""

    all: ClassVar[list["ServerUser"]] = []

    def __init__(self, project: Path) -> None:
        self.all.append(self)
        kept_out = {"DATABASE_URL", "REDIS_URL"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(project)],
            cwd=ROOT,
            env={key: value for key, value in os.environ.items() if key not in kept_out},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def addresses(self) -> tuple[str, str]:
        """Return where the servers are, once they are there."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.stop())
        database, broker = json.loads(line)
        return database, broker

    def stop(self) -> str:
        """End it in good order, and return what it said of problems."""
        _said, problems = self.process.communicate(timeout=60)
        return problems

    def kill(self) -> None:
        """End it as ``kill -9`` does."""
        self.process.kill()
        self.process.communicate(timeout=60)


@pytest.fixture
def project() -> Iterator[Path]:
    """Return an empty project folder that everybody may enter; its servers are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="hp-"))
    folder.chmod(0o755)
    yield folder
    while ServerUser.all:
        user = ServerUser.all.pop()
        if user.process.returncode is None:
            user.kill()
    for process in servers_of(folder):
        process.kill()
    shutil.rmtree(folder)


def servers_of(folder: Path) -> list[psutil.Process]:
    """Return the server processes that work in this folder."""
    return [process for process in psutil.process_iter() if _works_in(process, folder)]


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return Path(process.cwd()).is_relative_to(folder)
    except psutil.Error:
        return False


def postmaster(database: str) -> int:
    """Return the moment at which the server started: another server has another."""
    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT extract(epoch FROM pg_postmaster_start_time())::float8").fetchone()
    assert row is not None
    return row[0]


def run_of(broker: str) -> str:
    """Return the name that a broker gives to each of its starts."""
    with redis.Redis.from_url(broker) as client:
        return client.info("server")["run_id"]


def wait_until(is_so) -> bool:
    """Wait up to twenty seconds for something to become so."""
    for _attempt in range(200):
        if is_so():
            return True
        time.sleep(0.1)
    return False


def is_gone(database: str) -> bool:
    """Tell whether nothing answers at an address any more."""
    try:
        psycopg.connect(database, connect_timeout=2).close()
    except psycopg.OperationalError:
        return True
    return False


def test_servers_are_those_that_production_asks_for(project: Path) -> None:
    user = ServerUser(project)
    database, broker = user.addresses()
    with psycopg.connect(database) as connection:
        version = connection.execute("SHOW server_version_num").fetchone()
        collation = connection.execute(
            "SELECT datlocprovider, datlocale, encoding FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert (version[0][:2], collation) == ("18", ("b", "C.UTF-8", 6))
    assert run_of(broker)
    user.stop()


def test_second_process_finds_the_servers_and_the_last_one_stops_them(project: Path) -> None:
    first = ServerUser(project)
    database, broker = first.addresses()
    started, run = postmaster(database), run_of(broker)
    second = ServerUser(project)
    assert second.addresses() == (database, broker)
    first.stop()
    assert (postmaster(database), run_of(broker)) == (started, run)
    second.stop()
    assert is_gone(database)
    assert wait_until(lambda: not servers_of(project))


def test_servers_survive_kill_9_of_who_started_them_and_are_found_again(project: Path) -> None:
    first = ServerUser(project)
    database, broker = first.addresses()
    started, run = postmaster(database), run_of(broker)
    first.kill()
    assert (postmaster(database), run_of(broker)) == (started, run)
    second = ServerUser(project)
    assert second.addresses() == (database, broker)
    assert (postmaster(database), run_of(broker)) == (started, run)
    second.stop()
    assert is_gone(database)


def test_two_that_start_at_once_share_one_server(project: Path) -> None:
    users = [ServerUser(project) for _ in range(3)]
    addresses = {user.addresses() for user in users}
    assert len(addresses) == 1
    assert len([each for each in servers_of(project) if "-D" in each.cmdline()]) == 1
    for user in users:
        user.stop()


def test_data_is_kept_from_one_start_to_the_next(project: Path) -> None:
    first = ServerUser(project)
    database, broker = first.addresses()
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE kept (word text)")
    with redis.Redis.from_url(broker) as client:
        client.set("kept", "word")
    first.stop()
    second = ServerUser(project)
    database, broker = second.addresses()
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    with redis.Redis.from_url(broker) as client:
        assert client.get("kept") == b"word"
    second.stop()


def test_killed_servers_are_started_again(project: Path) -> None:
    first = ServerUser(project)
    database, broker = first.addresses()
    started, run = postmaster(database), run_of(broker)
    for process in servers_of(project):
        process.send_signal(signal.SIGKILL)
    assert wait_until(lambda: is_gone(database) and not servers_of(project))
    second = ServerUser(project)
    database, broker = second.addresses()
    assert postmaster(database) != started
    assert run_of(broker) != run
    first.kill()
    second.stop()


def test_socket_goes_elsewhere_where_its_path_would_be_too_long(project: Path) -> None:
    deep = project / ("d" * MAX_SOCKET_FOLDER_LENGTH)
    deep.mkdir(mode=0o755)
    user = ServerUser(deep)
    database, _broker = user.addresses()
    folder = find_place(deep).socket_folder()
    assert (folder.parent, postmaster(database) > 0) == (Path("/tmp"), True)
    user.stop()
    shutil.rmtree(folder)


def test_path_with_spaces_is_fine(project: Path) -> None:
    spaced = project / "my portal"
    spaced.mkdir(mode=0o755)
    user = ServerUser(spaced)
    database, broker = user.addresses()
    assert (postmaster(database) > 0, bool(run_of(broker))) == (True, True)
    user.stop()


def test_run_folder_that_is_a_link_is_refused(project: Path) -> None:
    (project / "elsewhere").mkdir()
    (project / ".run").symlink_to(project / "elsewhere")
    if os.geteuid() == 0:
        # Even a link of the servers' own account leads where nobody looked.
        account = pwd.getpwnam(UNPRIVILEGED)
        os.chown(project / ".run", account.pw_uid, account.pw_gid, follow_symlinks=False)
    problem = ServerUser(project).stop()
    assert (
        problem == f"{project}/.run belongs to somebody else; remove it, or set DATABASE_URL and REDIS_URL\n"
    )
    assert list((project / "elsewhere").iterdir()) == []


@as_root
def test_run_folder_of_somebody_else_is_refused(project: Path) -> None:
    (project / ".run").mkdir()
    assert "belongs to somebody else" in ServerUser(project).stop()
    assert list((project / ".run").iterdir()) == []


@as_root
def test_servers_of_root_run_as_an_account_that_owns_nothing(project: Path) -> None:
    user = ServerUser(project)
    user.addresses()
    assert {process.username() for process in servers_of(project)} == {UNPRIVILEGED}
    assert (project / ".run").stat().st_uid == pwd.getpwnam(UNPRIVILEGED).pw_uid
    user.stop()


@as_root
def test_project_that_the_account_cannot_enter_has_its_servers_elsewhere_and_says_so(project: Path) -> None:
    closed = project / "closed"
    closed.mkdir(mode=0o700)
    first = ServerUser(closed)
    database, broker = first.addresses()
    place = find_place(closed)
    try:
        assert place.folder.parent == Path("/var/tmp")
        assert (postmaster(database) > 0, bool(run_of(broker))) == (True, True)
        assert {process.username() for process in servers_of(place.folder)} == {UNPRIVILEGED}
        # Nothing of what was there is opened up.
        assert (closed.stat().st_mode & 0o777, list(closed.iterdir())) == (0o700, [])
        said = first.stop()
        assert said.endswith(
            f"its account cannot enter {closed}; its programs and data go to {place.folder}\n"
        )
        second = ServerUser(closed)
        assert second.addresses()[0] == database
        assert second.stop() == ""
    finally:
        shutil.rmtree(place.folder)
