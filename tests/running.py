"""How the whole suite runs: in one process more than there are cores, the longest tests first in each, with little looking for garbage."""

import gc
import os

import pytest

# Their tests take longest, the first of them more than a minute each: begun last, one would keep the others waiting at the end.
LONGEST = (
    "tests/access/test_odd_input.py",
    "tests/access/test_matrix.py",
    "tests/journeys/test_pressed_twice.py",
    "tests/access/test_leaks_of_paper.py",
    "tests/access/test_leaks.py",
    "tests/access/test_sniffed.py",
    "tests/hubportal/test_migrating_rows.py",
    "tests/architecture/test_check_catches.py",
    "tests/demo/",
    "tests/access/",
    "tests/journeys/",
    "tests/faults/",
)


def pytest_xdist_auto_num_workers() -> int:
    """Use the cores while a test waits for a browser, a worker or the database."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first in what each process begins with, all else in the random order that it has."""
    longest = sorted((each for each in items if _rank(each) < len(LONGEST)), key=_rank)
    others = [each for each in items if _rank(each) == len(LONGEST)]
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    total, dealt = len(items), list[pytest.Item]()
    for number in range(processes):
        mine = longest[number::processes]
        # As many as the process is given: an equal part of what is left.
        room = (total - len(dealt)) // (processes - number) - len(mine)
        dealt += mine + [others.pop(0) for _each in range(max(min(room, len(others)), 0))]
    items[:] = dealt + others


def _rank(item: pytest.Item) -> int:
    """Return the place of a test among the longest, or behind them all."""
    found = (place for place, beginning in enumerate(LONGEST) if item.nodeid.startswith(beginning))
    return next(found, len(LONGEST))


def pytest_collection_finish() -> None:
    """Leave what was imported out of garbage collection, which else goes through all of it time and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
