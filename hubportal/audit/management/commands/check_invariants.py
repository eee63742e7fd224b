"""Check every rule that rows can show, and name rule and row for each that is broken."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from hubportal.audit.domain.collecting import every_violation


class Command(BaseCommand):
    """Collect the violations that each app's ``invariants`` module yields."""

    help = "Check the rules of the product against the rows of the database."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each violation as it is found; exit with 1 when there is one."""
        count = 0
        for violation in every_violation():
            count += 1
            self.stdout.write(str(violation))
        if count:
            self.stderr.write(f"{count} violations")
            sys.exit(1)
        self.stdout.write("invariants: clean")
