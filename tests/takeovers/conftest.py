"""A draft, somebody who says to belong to its lead, and their request for it."""

from typing import Any

import pytest

from hubportal.accounts.models import User
from takeovers.models import Takeover
from tests.factories import scenarios
from tests.factories.taking_over import claimant, warned


@pytest.fixture
def case() -> Any:
    return scenarios.written()


@pytest.fixture
def newcomer(case: Any) -> User:
    return claimant(case)


@pytest.fixture
def takeover(case: Any, newcomer: User) -> Takeover:
    return warned(case, newcomer)
