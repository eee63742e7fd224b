"""Migrations give the same database whenever they are done, and one that fills rows is tried with rows."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython, RunSQL

from tests.database import own_database

pytestmark = pytest.mark.django_db(transaction=True)

# A statement of its own, none of a trigger's function.
_FILLS = re.compile(r"^\s*(UPDATE|INSERT|WITH)\b", re.MULTILINE)
# What a trigger will do fills nothing yet.
_BODY = re.compile(r"\$\$.*?\$\$", re.DOTALL)


@pytest.fixture
def _beside_the_others() -> Iterator[None]:
    with own_database("_migrating"):
        yield


def migrations() -> dict[tuple[str, str], object]:
    found = MigrationExecutor(connection).loader.disk_migrations
    return {
        key: each
        for key, each in found.items()
        if not type(each).__module__.startswith(("django.", "allauth."))
    }


def kept_by_the_database() -> list[tuple[str, ...]]:
    """Return every trigger and every function of ours, each as it is defined."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL SELECT proname, pg_get_functiondef(oid) FROM pg_proc
                WHERE pronamespace = 'public'::regnamespace AND prolang <> (SELECT oid FROM pg_language WHERE lanname = 'c')
        """)
        return sorted(cursor.fetchall())


@pytest.mark.usefixtures("_beside_the_others")
def test_what_the_database_keeps_by_itself_can_be_undone_and_done_again() -> None:
    by_hand = {app: "0001_initial" for (app, name) in migrations() if name.startswith("0002_")}
    before = kept_by_the_database()
    MigrationExecutor(connection).migrate(list(by_hand.items()))
    assert kept_by_the_database() == []
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    assert kept_by_the_database() == before
    assert len(before) > 70


def test_none_fills_rows_yet() -> None:
    """The first that does is tried with rows of before: taken back to where it begins, what it fills lost, and forward again."""
    found = [
        key
        for key, migration in migrations().items()
        for each in migration.operations  # type: ignore[attr-defined]
        if isinstance(each, RunPython)
        or (isinstance(each, RunSQL) and _FILLS.search(_BODY.sub("", str(each.sql))))
    ]
    assert found == []
