"""Scenarios that are built once in a process and then put back, row by row as they were.

Most tests begin with an application that went a long way, those of access with the world of everybody. Its acts are tested where they are; elsewhere what they left is
enough: the rows of every table they wrote, and the objects they returned. It is put back only where building it anew
would give the same: into a database without any other row, by plain values, with nothing of the program replaced.
"""

import functools
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import pytest
from django.conf import UserSettingsHolder, settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import translation

from tests.database import around_acts, holds_rows, is_of_all_tests

P = ParamSpec("P")
R = TypeVar("R")

_PLAIN = (str, int, bool, date, Decimal, Enum, type(None))


@dataclass(frozen=True)
class Built:
    """What a scenario left: rows by table as PostgreSQL copies them, files by path, and what it returned."""

    rows: dict[str, bytes]
    files: dict[Path, bytes]
    returned: bytes


class _Memory:
    """What was built in this process, by the scenario and its values; and what the test at hand replaced."""

    def __init__(self) -> None:
        self.built: dict[tuple[str, str, str], Built] = {}
        self.replaced: pytest.MonkeyPatch | None = None

    def nothing_is_replaced(self) -> bool:
        """Return whether the program is as it is, as far as the test at hand could change it."""
        return self.replaced is not None and not (self.replaced._setattr or self.replaced._setitem)


memory = _Memory()


def remembered(build: Callable[P, R]) -> Callable[P, R]:
    """Put back what a scenario left the first time, where building it anew would leave the same."""

    @functools.wraps(build)
    def built(*args: P.args, **kwargs: P.kwargs) -> R:
        if not connection.in_atomic_block and is_of_all_tests() and not holds_rows():
            # A test whose acts are committed begins with what one transaction leaves, as all others do.
            with around_acts():
                return built(*args, **kwargs)
        key = (build.__qualname__, repr(args), repr(sorted(kwargs.items())))
        if not _would_be_the_same([*args, *kwargs.values()]):
            return build(*args, **kwargs)
        if key in memory.built:
            return put_back(memory.built[key])  # type: ignore[no-any-return]
        before = _files()
        returned = build(*args, **kwargs)
        rows = rows_written()
        files = {each: each.read_bytes() for each in _files() if each not in before or _is_named(each, rows)}
        memory.built[key] = Built(rows, files, pickle.dumps(returned))
        return returned

    return built


def _would_be_the_same(values: list[object]) -> bool:
    return (
        memory.nothing_is_replaced()
        and all(isinstance(each, _PLAIN) for each in values)
        and not isinstance(settings._wrapped, UserSettingsHolder)
        and translation.get_language() == "nl"
        and connection.in_atomic_block
        and _nothing_was_written()
    )


def _nothing_was_written() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id_if_assigned() IS NULL")
        return bool(cursor.fetchone()[0])


def rows_written() -> dict[str, bytes]:
    """Return the rows of every table that this transaction wrote, as PostgreSQL copies them out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT written.relname, string_agg(quote_ident(attname), ', ' ORDER BY attnum)"
            " FROM pg_stat_xact_user_tables AS written JOIN pg_attribute ON attrelid = relid"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
            " AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
            " GROUP BY written.relname"
        )
        found = {}
        for table, columns in cursor.fetchall():
            copied = f'"{table}" ({columns})'
            with cursor.copy(f"COPY {copied} TO STDOUT") as rows:
                found[copied] = b"".join(bytes(each) for each in rows)
    return found


def _files() -> set[Path]:
    return {each for each in Path(default_storage.path("")).rglob("*") if each.is_file()}


def _is_named(file: Path, rows: dict[str, bytes]) -> bool:
    """Tell whether rows name a file: one of the same content may have been left by an earlier test, and be removed by a later one."""
    name = file.relative_to(default_storage.path("")).as_posix().encode()
    return any(name in each for each in rows.values())


def put_back(built: Built) -> Any:
    """Put back what a scenario left, and return what it returned."""
    for path, content in built.files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with connection.cursor() as cursor:
        # Rows as they were, past triggers that would count or refuse them.
        emptied = [f"DELETE FROM {copied.partition(' (')[0]}" for copied in built.rows]
        cursor.execute("; ".join(["SET LOCAL session_replication_role = replica", *emptied]))
        for copied, rows in built.rows.items():
            with cursor.copy(f"COPY {copied} FROM STDIN") as into:
                into.write(rows)
        cursor.execute("SET LOCAL session_replication_role = origin")
    return pickle.loads(built.returned)
