"""How the whole suite runs: in one process more than there are cores, the longest tests first, with little looking for garbage."""

import gc
import os

import pytest

# Their tests take longest: begun last, one of them would keep the others waiting at the end.
LONGEST = (
    "tests/access/",
    "tests/journeys/",
    "tests/faults/",
    "tests/demo/",
    "tests/hubportal/test_migrating_rows.py",
)


def pytest_xdist_auto_num_workers() -> int:
    """Use the cores while a test waits for a browser, a worker or the database."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first, each group in the random order that it has."""
    items.sort(key=lambda each: not each.nodeid.startswith(LONGEST))


def pytest_collection_finish() -> None:
    """Leave what was imported out of garbage collection, which else goes through all of it time and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
