"""A demo database of before is recognised, and begun anew."""

from pathlib import Path

import pytest
from django.db import connection

from demo.domain import schema

pytestmark = pytest.mark.django_db


def test_a_database_without_a_stamp_is_outdated() -> None:
    assert schema.is_outdated()


def test_a_database_that_today_stamped_is_not_outdated() -> None:
    schema.stamp()
    assert not schema.is_outdated()


def test_a_database_that_other_initial_migrations_made_is_outdated() -> None:
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON TABLE django_migrations IS 'of before'")
    assert schema.is_outdated()


def test_an_empty_database_is_not_outdated() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA empty_one; SET LOCAL search_path TO empty_one")
    assert not schema.is_outdated()


def test_each_initial_migration_of_ours_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    schema.stamp()
    read_bytes = Path.read_bytes

    def changed(path: Path) -> bytes:
        return read_bytes(path) + b"#" * path.as_posix().endswith("coalitions/migrations/0001_initial.py")

    monkeypatch.setattr(Path, "read_bytes", changed)
    assert schema.is_outdated()
