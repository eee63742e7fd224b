"""Each constraint and trigger of the database has a test that tries to break it and names it."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

OURS = {
    "accounts", "applications", "audit", "call_questions", "calls", "coalitions", "completions", "correspondence", "decisions", "documents", "imports", "letters", "mail",
    "mapping", "matching", "organisations", "people", "pictures", "regions", "residents", "retention", "reviews", "sweeps", "takeovers", "website",
}  # fmt: skip
TESTS = "\n".join(path.read_text("utf-8") for path in Path(__file__).parent.rglob("test_*.py"))


def constraints() -> set[str]:
    models = [model for model in apps.get_models() if model._meta.app_label in OURS]
    return {each.name for model in models for each in model._meta.constraints}


@pytest.mark.parametrize("name", sorted(constraints()))
def test_a_test_tries_to_break_this_constraint(name: str) -> None:
    assert f'"{name}"' in TESTS


@pytest.mark.django_db
def test_a_test_tries_to_pass_each_trigger() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        names = {name for (name,) in cursor.fetchall()}
    assert len(names) >= 12
    assert [each for each in sorted(names) if f'"{each}"' not in TESTS] == []


@pytest.mark.django_db
def test_the_database_has_every_constraint_that_the_models_name() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes")
        present = {name for (name,) in cursor.fetchall()}
    assert constraints() - present == set()
