"""A world of applications, built once for the tests that break it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.applications.world import World, build
from tests.breaking import kept_for_a_module


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with kept_for_a_module(django_db_blocker, build) as built:
        yield built
