"""Check every stored document."""

from typing import Any

from django.core.management.base import BaseCommand

from hubportal.documents.domain.integrity import problems_of
from hubportal.documents.queries import in_order_of_date


class Command(BaseCommand):
    """Check of each document its file, digest, signature, identifiers and successor."""

    help = "Check every stored document: file, SHA-256, signature, PDF/A and PDF/UA identifiers, successor."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line per problem and the sums; fail when there is any problem."""
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
        if damaged:
            raise SystemExit(1)
