"""Check every rule that rows can show, and name rule and row for each that is broken."""

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Collect the violations that each app's ``invariants`` module yields."""

    help = "Check the rules of the product against the rows of the database."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each violation; exit with 1 when there is one."""
        modules = [
            import_module(f"{each.name}.invariants")
            for each in apps.get_app_configs()
            if not each.name.startswith(("django.", "allauth")) and find_spec(f"{each.name}.invariants")
        ]
        violations = [violation for module in modules for violation in module.violations()]
        for violation in violations:
            self.stdout.write(str(violation))
        if violations:
            self.stderr.write(f"{len(violations)} violations")
            sys.exit(1)
        self.stdout.write("invariants: clean")
