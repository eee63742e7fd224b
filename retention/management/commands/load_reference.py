"""Load the reference data that the project carries, any number of times."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from hubportal.kernel import clock
from letters.domain.loading import load_call_2024
from organisations.domain.kinds import load_kinds
from regions.domain.loading import load_regions
from retention.domain.loading import load_periods


class Command(BaseCommand):
    """Load regions, kinds of organisations, the call of 2024 and the retention periods."""

    help = (
        "Load regions, municipalities, postcodes, region shapes, kinds of organisations, the call of 2024 and the "
        "retention periods."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load each file and say how many rows there are."""
        folder = settings.BASE_DIR / "fixtures"
        counts = load_regions(folder)
        call = load_call_2024(folder, at=clock.now())
        self.stdout.write(", ".join(f"{number} {name}" for name, number in counts.items()))
        self.stdout.write(f"{load_kinds(folder)} kinds of organisations")
        self.stdout.write(f"{load_periods(folder)} retention periods")
        self.stdout.write(f"{call.title}: {call.rounds.count()} rounds")
