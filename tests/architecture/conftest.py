"""These tests read the files of the project; they need no clock, cache or database."""

import pytest


@pytest.fixture(autouse=True)
def _as_on_a_new_day() -> None:
    """Stand in for the fixture of the same name, which asks the cache."""
