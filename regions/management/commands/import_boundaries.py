"""Draw the regions by a file of official outlines of municipalities."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hubportal.kernel import clock
from regions.domain.boundaries import RefusedBoundaries
from regions.domain.outlines import import_boundaries

_MOST_BYTES = 300 * 1024 * 1024
_MOST_REASONS = 20


class Command(BaseCommand):
    """Take the outlines of a file, or say why not and change nothing."""

    help = (
        "Draw the regions by the official outlines of all municipalities of 2024: GeoJSON in WGS84 or RD New (EPSG:28992), "
        "each feature with its code (statcode, gemeentecode or code). A wrong file changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file, and say what became of it."""
        path: Path = options["file"]
        try:
            if path.stat().st_size > _MOST_BYTES:
                raise CommandError(
                    "Nothing was changed. The file is larger than 300 MB: take generalised outlines."
                )
            number = import_boundaries(data=path.read_bytes(), source=path.name[:120], at=clock.now())
        except OSError as problem:
            raise CommandError(f"Nothing was changed. {problem}") from problem
        except RefusedBoundaries as refused:
            reasons = refused.reasons[:_MOST_REASONS]
            more = [f"And {len(refused.reasons) - len(reasons)} more."] * (
                len(refused.reasons) > len(reasons)
            )
            raise CommandError("\n".join(["Nothing was changed.", *reasons, *more])) from refused
        self.stdout.write(f"{number} regions drawn by {path.name}")
