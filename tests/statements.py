"""The statements that something sends to the database."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

_WORD = re.compile(r"[a-z_0-9]+")


def statements_of(act: Callable[[], Any]) -> list[str]:
    """Return the statements that an act or a request sends, in order."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [each["sql"] for each in captured.captured_queries]


def savepoints_in(statements: list[str]) -> int:
    """Return how many savepoints were taken; within a test, the transaction of an act is one itself."""
    return sum(each.startswith("SAVEPOINT") for each in statements)


@contextmanager
def tables_read() -> Iterator[set[str]]:
    """Give the words of every statement that is sent inside, among which are the tables that it reads."""
    words: set[str] = set()

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        words.update(_WORD.findall(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield words


def rows_written_by_table() -> dict[str, int]:
    """Return how many rows of each table this transaction wrote so far, those that it undid too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return dict(cursor.fetchall())
