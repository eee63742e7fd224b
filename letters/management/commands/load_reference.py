"""Load the reference data that the project carries, any number of times."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from hubportal.kernel import clock
from letters.domain.loading import load_call_2024
from regions.domain.loading import load_regions


class Command(BaseCommand):
    """Load regions, municipalities, postcodes, shapes and the call of 2024."""

    help = "Load regions, municipalities, postcodes, region shapes and the call of 2024."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load each file and say how many rows there are."""
        folder = settings.BASE_DIR / "fixtures"
        counts = load_regions(folder)
        call = load_call_2024(folder, at=clock.now())
        self.stdout.write(", ".join(f"{number} {name}" for name, number in counts.items()))
        self.stdout.write(f"{call.title}: {call.rounds.count()} rounds")
