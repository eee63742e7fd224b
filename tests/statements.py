"""The statements that something sends to the database."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def statements_of(act: Callable[[], Any]) -> list[str]:
    """Return the statements that an act or a request sends, in order."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [each["sql"] for each in captured.captured_queries]


def savepoints_in(statements: list[str]) -> int:
    """Return how many savepoints were taken; within a test, the transaction of an act is one itself."""
    return sum(each.startswith("SAVEPOINT") for each in statements)
