"""Recognising a demo database made by other initial migrations.

Before the first release initial migrations are made anew when models move; Django alone would take a table of
before for one of today, since the migration has the same name.
"""

import hashlib
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection


def is_outdated() -> bool:
    """Tell whether the tables were made by other initial migrations than the current ones; ``False`` for an empty database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_regclass('django_migrations')::oid, obj_description(to_regclass('django_migrations'))"
        )
        table, stamp = cursor.fetchone()
    return table is not None and stamp != _digest_of_initial_migrations()


def stamp() -> None:
    """Record in the database which initial migrations made it."""
    with connection.cursor() as cursor:
        # A comment takes no parameters; a digest is hexadecimal.
        cursor.execute(f"COMMENT ON TABLE django_migrations IS '{_digest_of_initial_migrations()}'")


def _digest_of_initial_migrations() -> str:
    found = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda each: each.label):
        initial = Path(app.path) / "migrations" / "0001_initial.py"
        if initial.is_relative_to(settings.BASE_DIR) and ".venv" not in initial.parts and initial.exists():
            found.update(f"{app.label}:".encode() + initial.read_bytes())
    return found.hexdigest()
