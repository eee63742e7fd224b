"""What was read for an answer: an answer for which everything reads the same again is the same, and need not be asked again."""

from collections.abc import Iterator
from contextlib import contextmanager
from sys import intern
from typing import Any

from django.db import connection

# Statements that read nothing and change no row.
_AROUND = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET")
Sent = list[tuple[str, Any]]
# By statement and values, the hash of the rows that one state of the database gives.
Known = dict[tuple[str, str], int]
# Each statement with its values and the hash of its rows; nothing where something was written too.
Reads = list[tuple[str, Any, int]] | None


@contextmanager
def statements_sent() -> Iterator[Sent]:
    """Give the statements that are sent inside, with their values."""
    sent: Sent = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append((intern(sql), params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent


def reads_of(sent: Sent, known: Known) -> Reads:
    """Return what statements read in the database as it is now; ``known`` is of the same state, and grows."""
    sent = [each for each in sent if not each[0].startswith(_AROUND)]
    if not all(sql.startswith("SELECT") for sql, _params in sent):
        return None
    return [(sql, params, _read(sql, params, known)) for sql, params in sent]


def reads_the_same(reads: Reads, known: Known) -> bool:
    """Tell whether everything that was read would be read again in the database as it is now; ``known`` grows."""
    return reads is not None and all(_read(sql, params, known) == rows for sql, params, rows in reads)


def _read(sql: str, params: Any, known: Known) -> int:
    key = (sql, repr(params))
    if key not in known:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            known[key] = hash(repr(cursor.fetchall()))
    return known[key]
