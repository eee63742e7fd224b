"""A world of decided applications, built once for the tests that break it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.breaking import kept_for_a_module
from tests.decided_world import World, build


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with kept_for_a_module(django_db_blocker, build) as built:
        yield built
