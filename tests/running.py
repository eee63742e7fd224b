"""How the whole suite runs: in one process more than there are cores, the longest tests first in each, with little looking for garbage."""

import gc
import os
from collections import deque
from collections.abc import Sequence

import pytest

# What takes longest, in seconds as they were once measured: begun last, one would keep the other processes waiting at the end.
SECONDS = {
    "tests/access/test_leaks.py": 300,
    "tests/access/test_odd_input.py": 150,
    "tests/access/test_matrix.py": 120,
    "tests/faults/test_killed_workers.py": 100,
    "tests/faults/test_killed_server.py": 60,
    "tests/journeys/test_pressed_twice.py": 95,
    "tests/access/test_leaks_of_paper.py": 90,
    "tests/architecture/test_check_catches.py": 90,
    "tests/access/test_sniffed.py": 60,
    "tests/journeys/test_applicant.py": 60,
    "tests/demo/": 35,
    "tests/access/": 20,
    "tests/journeys/": 15,
    "tests/faults/": 15,
}


def pytest_xdist_auto_num_workers() -> int:
    """Use the cores while a test waits for a browser, a worker or the database."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each process begin with an equal part of what takes longest; all else keeps the random order that it has."""
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    first = _dealt([each for each in items if _seconds(each)], processes)
    others = deque(each for each in items if not _seconds(each))
    total, ordered = len(items), list[pytest.Item]()
    for number, mine in enumerate(first):
        # As many as the process is given at first: an equal part of what is left.
        room = (total - len(ordered)) // (processes - number) - len(mine)
        ordered += mine + [others.popleft() for _each in range(max(min(room, len(others)), 0))]
    items[:] = [*ordered, *others]


def _dealt(items: Sequence[pytest.Item], processes: int) -> list[list[pytest.Item]]:
    """Return which of these each process begins with: whole modules, whose tests share what is made for them once."""
    modules: dict[str, list[pytest.Item]] = {}
    for each in items:
        modules.setdefault(each.nodeid.partition("::")[0], []).append(each)
    dealt: list[list[pytest.Item]] = [[] for _process in range(processes)]
    taken = [0] * processes
    for tests in sorted(modules.values(), key=lambda tests: -_seconds(tests[0])):
        least = taken.index(min(taken))
        dealt[least] += tests
        taken[least] += _seconds(tests[0])
    return dealt


def _seconds(item: pytest.Item) -> int:
    """Return how long the module of a test takes, if that is long."""
    return next((long for beginning, long in SECONDS.items() if item.nodeid.startswith(beginning)), 0)


def pytest_collection_finish() -> None:
    """Leave what was imported out of garbage collection, which else goes through all of it time and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
