"""A region with a kwartiermaker, and how long people are kept."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from hubportal.accounts.models import User
from hubportal.kernel import clock
from regions.models import Region
from tests.factories.moments import AT
from tests.factories.people import kwartiermaker_in, people_periods
from tests.factories.regions import RegionFactory


@pytest.fixture
def region(db: None) -> Region:
    people_periods()
    region: Region = RegionFactory.create(name="Het Midden")
    return region


@pytest.fixture
def kwartiermaker(region: Region) -> User:
    return kwartiermaker_in(region)


@pytest.fixture
def present() -> Iterator[datetime]:
    """Let pages be asked for at ``AT``."""
    offset = AT - datetime.now(UTC)
    clock.move_with(lambda: offset)
    yield AT
    clock.move_with(None)
