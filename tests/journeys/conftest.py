"""What the journeys share: the regions of the Netherlands, and a moment in the first round of the 2024 call."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.test import override_settings
from playwright.sync_api import expect

from tests.database import around_acts
from tests.factories.moments import AT
from tests.factories.remembering import remembered
from tests.pages import at_moment

# As patient as windows are with what people press: two cores are shared by everybody who runs tests.
expect.set_options(timeout=30_000)


@pytest.fixture
def reference_data(transactional_db: None) -> None:
    """Load regions, municipalities, postcodes and the call of 2024."""
    with around_acts():
        _loaded()


@remembered
def _loaded() -> None:
    call_command("load_reference", verbosity=0)


@pytest.fixture
def first_round() -> Iterator[None]:
    """Let the portal live in the first round of the call."""
    with at_moment(AT):
        yield


@pytest.fixture
def second_factor() -> Iterator[None]:
    """Let codes be good a minute longer and sooner: people here type three of them faster than new ones come."""
    with override_settings(MFA_TOTP_TOLERANCE=2):
        yield
