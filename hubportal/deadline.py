"""The end of a request: past it nothing is written, whatever its thread still does.

gunicorn ends no thread, and sealing relies on it that nothing received in time is written later than a request may
take (rules 3 and 4). So past its last moment a request sends the database no statement, and the database itself ends
a transaction that stays open: together no longer than ``REQUEST_TIMEOUT_SECONDS``.
"""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connections

# The part of the time of a request that its last transaction may take.
_LAST_TRANSACTION = 0.25


class TooLate(Exception):  # noqa: N818 -- it names what happened
    """A request took longer than a request may take; nothing more of it is written."""


def seconds_of_transactions() -> float:
    """Return how long a transaction of a request may stay open."""
    return settings.REQUEST_TIMEOUT_SECONDS * _LAST_TRANSACTION


def no_statement_after(began: float) -> Callable[..., Any]:
    """Return a wrapper of statements that lets none through when a request that began then is over.

    ``began`` is a moment of ``time.monotonic``. The wrapper raises ``TooLate``.
    """
    last = began + settings.REQUEST_TIMEOUT_SECONDS - seconds_of_transactions()

    def pass_on(execute: Callable[..., Any], sql: Any, params: Any, many: Any, context: Any) -> Any:
        if time.monotonic() >= last:
            raise TooLate
        return execute(sql, params, many, context)

    return pass_on


def end_long_transactions() -> None:
    """Let the database end each transaction of this process that stays open too long: for what serves others, not for jobs."""
    options = connections.settings["default"]["OPTIONS"]
    milliseconds = round(seconds_of_transactions() * 1000)
    options["options"] = f"{options.get('options', '')} -c transaction_timeout={milliseconds}".strip()
