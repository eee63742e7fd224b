"""One demo at a time."""

import pytest

from demo.processes import AlreadyRunningError, alone
from tests.faults.conftest import database_address

pytestmark = pytest.mark.django_db


def test_a_second_demo_on_the_same_database_is_refused() -> None:
    refused = pytest.raises(
        AlreadyRunningError, match=r"^a demo already runs on this database; end it first with Ctrl-C$"
    )
    with alone(database_address()), refused, alone(database_address()):
        pass


def test_the_next_demo_comes_in_after_the_first_ended() -> None:
    with alone(database_address()):
        pass
    with alone(database_address()):
        pass
