"""Import a spreadsheet from the command line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError

from hubportal.accounts.queries import people_with_address
from hubportal.kernel import clock
from hubportal.kernel.errors import RuleViolation
from imports.domain.importing import begin_import, throw_away
from imports.domain.judging import check_rows
from imports.domain.reading import read_file
from imports.domain.tables import within_limit
from imports.domain.taking import take_import
from imports.enums import Fate, ImportState
from imports.forms.rows import RowReader
from imports.models import MapImport
from imports.queries import import_now, numbers_by_fate, rows_of, undecided
from regions.queries import all_regions

_ROWS_NAMED = 50


class Command(BaseCommand):
    """Put the rows of a spreadsheet on the map of a region: all of them, or none."""

    help = "Put the rows of a spreadsheet on the map of a region: all of them, or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file, the region, whose import it is, and whether it is only tried."""
        parser.add_argument("file", type=Path, help="an XLSX or CSV file")
        parser.add_argument("--region", required=True, help="the region, as its address on the site calls it")
        parser.add_argument(
            "--as", required=True, dest="email", help="the e-mail address of its kwartiermaker"
        )
        parser.add_argument("--dry-run", action="store_true", help="report only, and change nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read and check the file, report, and put its rows on the map where none of them waits for a choice."""
        file: Path = options["file"]
        region = all_regions().filter(slug=options["region"]).first()
        actor = people_with_address(options["email"]).order_by("pk").first()
        if region is None or actor is None:
            raise CommandError("There is no such region or person.")
        if not file.is_file() or not within_limit(file.stat().st_size):
            raise CommandError(f"{file} is no file, or too large.")
        read = RowReader()
        try:
            begun = begin_import(
                key=uuid4(),
                region=region,
                title=file.name,
                content=file.read_bytes(),
                actor=actor,
                at=clock.now(),
            )
            try:
                self._report(_checked(begun, read), read)
                if not options["dry_run"]:
                    take_import(import_id=begun.pk, read=read, actor=actor, at=clock.now())
            finally:
                if import_now(begun.pk).state != ImportState.TAKEN:
                    throw_away(import_id=begun.pk, actor=actor)
        except RuleViolation as refusal:
            raise CommandError(f"{refusal} Nothing changed on the map.") from refusal
        done = "Nothing changed on the map." if options["dry_run"] else "All of it is on the map."
        self.stdout.write(done)

    def _report(self, checked: MapImport, read: RowReader) -> None:
        """Write how many rows there are of each kind, and which of them wait and why."""
        if checked.state == ImportState.FAILED:
            raise CommandError(checked.get_failure_display())
        numbers = numbers_by_fate(checked)
        self.stdout.write(
            f"Read as {checked.read_as}; columns: {', '.join(each or '-' for each in checked.columns)}"
        )
        self.stdout.write(
            ", ".join(f"{each.label}: {numbers.get(each, 0)}" for each in Fate if each != Fate.HEADING)
        )
        for row in rows_of(checked).filter(undecided()).select_related("twin")[:_ROWS_NAMED]:
            mistakes = read(checked.columns, row.cells, checked.meanings).mistakes
            why = "; ".join(f"{name}: {each}" for name, each in mistakes.items())
            beside = f"{row.twin}" if row.twin else f"row {row.twin_number}" if row.twin_number else ""
            self.stdout.write(f"row {row.number}: {row.get_fate_display()}: {why or beside}")


def _checked(begun: MapImport, read: RowReader) -> MapImport:
    read_file(import_id=begun.pk, words=read.words, at=clock.now())
    while check_rows(import_id=begun.pk, read=read, at=clock.now()):
        pass
    return import_now(begun.pk)
