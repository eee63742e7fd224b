"""Find migrations that would stop a running portal: locks, lost columns, constraints set on full tables."""

import logging
import os
import sys
from pathlib import Path

import django

from hubportal import embedded

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Print what is wrong; the exit status is 1 when something is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hubportal.settings")
    embedded.provide()
    django.setup()
    logging.disable(logging.INFO)
    # Only now, as they read the settings.
    from django.apps import apps
    from django_migration_linter import MigrationLinter

    ours = [each.label for each in apps.get_app_configs() if not Path(each.path).is_relative_to(sys.prefix)]
    linter = MigrationLinter(
        str(ROOT),
        include_apps=ours,
        no_cache=True,
        quiet=["ok", "warning", "ignore"],
    )
    linter.lint_all_migrations()
    return int(linter.has_errors)


if __name__ == "__main__":
    sys.exit(main())
