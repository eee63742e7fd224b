"""Try the seal before a letter needs it."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hubportal.documents.domain.authority import SealNotValid, signing_identity
from hubportal.documents.domain.rendering import render_pdf
from hubportal.documents.domain.signatures import check_signature
from hubportal.documents.domain.signing import TimestampUnavailable, sign_pdf
from hubportal.documents.domain.token import TokenUnavailable
from hubportal.kernel import clock


class Command(BaseCommand):
    """Seal a page that says it is only a trial, with key, token and timestamp service as they are set up."""

    help = "Seal a page of trial as letters are sealed, and tell who sealed it and when; --to FILE keeps it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file to write the page to."""
        parser.add_argument("--to", type=Path, help="where the sealed page goes")

    def handle(self, *args: Any, to: Path | None, **options: Any) -> None:
        """Print what the seal says, or fail with what is wrong with it."""
        at = clock.now()
        title = "Proef met het zegel"
        page = render_pdf(template="proof.html", context={}, title=title, reference="proef", created_at=at)
        try:
            sealed = sign_pdf(page, reason=title, at=at)
            identity = signing_identity()
        except (ImproperlyConfigured, SealNotValid, TokenUnavailable, TimestampUnavailable) as refused:
            raise CommandError(f"The seal does not work: {refused}") from refused
        found = check_signature(sealed)
        self.stdout.write(
            f"sealed by {identity.certificate.subject.rfc4514_string()}, until {identity.ends_at:%Y-%m-%d}"
        )
        stamped = f"{found.timestamped_at:%Y-%m-%d %H:%M:%S %Z}" if found.timestamped_at else "by nobody"
        self.stdout.write(f"moment confirmed: {stamped}")
        if to is not None:
            to.write_bytes(sealed)
            self.stdout.write(f"kept in {to}")
