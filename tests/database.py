"""Databases for tests: migrated once for a state of the migrations, copied for each worker of each run."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

# Any number: who holds this lock of the server makes, copies or removes databases of tests.
_LOCK = 7_301_999
_TEMPLATE = "hubportal_tests_template_"
_COPY = "hubportal_tests_run_"
# Keys have five figures from the first row on, so that a page which writes one as people write numbers is found out.
_FIRST_KEY = 10_001


def around_acts() -> transaction.Atomic:
    """Return a transaction in which acts can be tried and undone, as each test has one.

    Acts are durable: within any other transaction they refuse to run.
    """
    unfinished = transaction.atomic()
    unfinished._from_testcase = True  # type: ignore[attr-defined]
    return unfinished


@contextmanager
def own_database(suffix: str = "") -> Iterator[None]:
    """Let everything in this process use a fresh copy of the migrated database, and remove it afterwards.

    With a suffix another one beside it, for a test that changes its tables.
    """
    original = connection.settings_dict["NAME"]
    name = f"{_of_this_process()}{suffix}"
    with _locked() as cursor:
        template = _template(cursor)
        _remove_copies_of_dead_runs(cursor)
        _drop(cursor, name)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
    _use(name)
    yield
    _use(original)
    with _locked() as cursor:
        _drop(cursor, name)


def is_of_all_tests() -> bool:
    """Tell whether the database at hand is the one that all tests of this process use, one after the other."""
    return connection.settings_dict["NAME"] == _of_this_process()


def _of_this_process() -> str:
    return f"{_COPY}{settings.TEST_RUN}_{settings.TEST_WORKER}"


@contextmanager
def _locked() -> Iterator[Any]:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        yield cursor


def _template(cursor: Any) -> str:
    name = f"{_TEMPLATE}{_fingerprint()}"
    if name in _names(cursor, _TEMPLATE):
        return name
    for older in _names(cursor, _TEMPLATE):
        _drop(cursor, older)
    unfinished = f"{_COPY}{os.getpid()}_template"
    _drop(cursor, unfinished)
    cursor.execute(f'CREATE DATABASE "{unfinished}" TEMPLATE template0')
    _use(unfinished)
    call_command("migrate", verbosity=0, interactive=False)
    _raise_keys()
    connection.close()
    cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


def _raise_keys() -> None:
    with connection.cursor() as all_of_them, connection.cursor() as cursor:
        all_of_them.execute("SELECT quote_ident(sequencename) FROM pg_sequences WHERE schemaname = 'public'")
        for (name,) in all_of_them.fetchall():
            cursor.execute(f"ALTER SEQUENCE {name} RESTART WITH {_FIRST_KEY}")


def _fingerprint() -> str:
    """Return a digest of everything that decides what a database starts with."""
    found = hashlib.sha256(str(_FIRST_KEY).encode())
    for app in sorted(apps.get_app_configs(), key=lambda each: each.label):
        for path in sorted((Path(app.path) / "migrations").glob("*.py")):
            found.update(f"{app.label}/{path.name}".encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _remove_copies_of_dead_runs(cursor: Any) -> None:
    for name in _names(cursor, _COPY):
        if not _is_running(int(name.removeprefix(_COPY).partition("_")[0])):
            _drop(cursor, name)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _names(cursor: Any, prefix: str) -> list[str]:
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
    return [each for (each,) in cursor.fetchall()]


def _drop(cursor: Any, name: str) -> None:
    cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def empty_all_tables() -> None:
    """Remove every row that a test committed; truncating each table, as Django does, takes seconds."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Past the triggers that keep rows for ever.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("; ".join(f'DELETE FROM "{each}"' for each in _emptied()))


def holds_rows() -> bool:
    """Tell whether any table has a row that a test committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + " OR ".join(f'EXISTS (SELECT FROM "{each}")' for each in _emptied()))
        return bool(cursor.fetchone()[0])


def _emptied() -> list[str]:
    kept = {"django_migrations", "django_content_type", "auth_permission"}
    return sorted(set(connection.introspection.table_names()) - kept)


def _use(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name
