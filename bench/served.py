"""The portal as gunicorn serves it, telling with each answer how many queries it took."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from bench.browser import QUERIES_HEADER
from hubportal.wsgi import application as portal


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer as the portal does; BEGIN and COMMIT are no queries, savepoints are."""
    count = 0

    def counted(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*arguments)

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        return start_response(status, [*headers, (QUERIES_HEADER, str(count))], *rest)

    with connection.execute_wrapper(counted):
        return portal(environ, start)
