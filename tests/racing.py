"""Acts that happen at the same moment, each in a thread and a connection of its own."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection

from tests.database import around_acts

Result = TypeVar("Result")

# Long for a machine that is busy; a race that ends well takes milliseconds.
PATIENCE = 20


def race(*acts: Callable[[], Result]) -> list[Result | Exception]:
    """Do the acts at once and return what each gave or raised, in their order."""
    start = threading.Barrier(len(acts))

    def do(act: Callable[[], Result]) -> Result | Exception:
        try:
            connection.ensure_connection()
            start.wait(PATIENCE)
            return act()
        except Exception as problem:  # noqa: BLE001 -- the test judges it
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result(PATIENCE) for each in [pool.submit(do, act) for act in acts]]


class Underway:
    """An act in another connection."""

    def __init__(self, future: "Future[Any]") -> None:
        self._future = future

    def waits(self, seconds: float = 0.4) -> bool:
        """Tell whether it is still not done after a while."""
        try:
            self._future.exception(seconds)
        except TimeoutError:
            return True
        return False

    def result(self) -> Any:
        """Return what it gave, or raise what it raised."""
        return self._future.result(PATIENCE)


@contextmanager
def held_open(act: Callable[[], Any]) -> Iterator[Callable[[Callable[[], Any]], Underway]]:
    """Do an act whose transaction stays open inside the block, and yield a way to start others meanwhile."""
    done, may_commit = threading.Event(), threading.Event()

    def hold() -> Any:
        try:
            with around_acts():
                result = act()
                done.set()
                may_commit.wait(PATIENCE)
            return result
        finally:
            done.set()
            connection.close()

    def closing(other: Callable[[], Any]) -> Any:
        try:
            return other()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        holder = pool.submit(hold)
        assert done.wait(PATIENCE)
        try:
            yield lambda other: Underway(pool.submit(closing, other))
        finally:
            may_commit.set()
        holder.result(PATIENCE)
