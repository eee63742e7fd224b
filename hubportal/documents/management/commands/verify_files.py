"""Check every stored file."""

from typing import Any

from django.core.management.base import BaseCommand

from hubportal.documents.domain.files import DamagedFile, every_stored_file, read_file
from hubportal.documents.domain.integrity import problems_of
from hubportal.documents.queries import in_order_of_date


class Command(BaseCommand):
    """Check of each document its file, digest, signature, identifiers and successor; of each other file its digest."""

    help = "Check every stored file and its SHA-256; of documents also signature, PDF/A and PDF/UA identifiers, and successor."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line per problem and the sums; fail when there is any problem."""
        damaged = self._documents() + self._other_files()
        if damaged:
            raise SystemExit(1)

    def _documents(self) -> int:
        """Return how many documents are damaged."""
        intact = damaged = 0
        years: set[int] = set()
        for document in in_order_of_date().select_related("superseded_by").iterator(chunk_size=200):
            problems = list(problems_of(document))
            for problem in problems:
                self.stdout.write(f"document {document.pk}, {document.about}: {problem}")
            damaged += bool(problems)
            intact += not problems
            years.add(document.dated_on.year)
        dated = f", dated in {', '.join(map(str, sorted(years)))}" if years else ""
        self.stdout.write(f"{intact} documents intact, {damaged} damaged{dated}")
        return damaged

    def _other_files(self) -> int:
        """Return how many other files are damaged."""
        intact = damaged = 0
        for each in every_stored_file():
            try:
                read_file(each.name, each.sha256)
            except DamagedFile as damage:
                damaged += 1
                self.stdout.write(f"{each.kind} {each.row}, {each.about}: {damage}")
            else:
                intact += 1
        self.stdout.write(f"{intact} other files intact, {damaged} damaged")
        return damaged
