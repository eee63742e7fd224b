"""What all tests share: a database of their own, real time, an empty cache, Dutch."""

from collections.abc import Iterator

import coverage
import hypothesis
import pytest
from django.core.cache import cache
from django.test import TransactionTestCase
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from hubportal.kernel import clock
from tests.database import empty_all_tables, own_database
from tests.factories.remembering import memory

pytest_plugins = ["tests.browser", "tests.paper", "tests.running", "tests.skipping", "tests.scanner"]

# No time limit per example: two cores are shared by everybody who runs tests.
hypothesis.settings.register_profile("portal", deadline=None, max_examples=60, database=None)
hypothesis.settings.load_profile("portal")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Save what coverage measured: a worker that ends slowly is killed, and would take it along."""
    if measuring := coverage.Coverage.current():
        measuring.save()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Give each worker a copy of one migrated database, which is faster than migrating one each."""
    TransactionTestCase._fixture_teardown = lambda _case: empty_all_tables()  # type: ignore[method-assign]
    with django_db_blocker.unblock(), own_database():
        django_db_blocker.block()
        yield
        django_db_blocker.unblock()


@pytest.fixture(autouse=True)
def _as_on_a_new_day(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    memory.replaced = monkeypatch
    clock.move_with(None)
    cache.clear()
    with translation.override("nl"):
        yield
    clock.move_with(None)
