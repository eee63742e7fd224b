"""Record mails that came back."""

import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError

from hubportal.kernel import clock
from hubportal.mail.domain.bouncing import is_of_a_mail, record_bounce
from hubportal.mail.domain.returned import MAX_BYTES, read_returned


class Command(BaseCommand):
    """Read a message that the mail server returned, from standard input; ends well whatever it is.

    A mail server that pipes to a program which fails would return the returned message. While the database does not
    answer it ends with 75, which asks to try again.
    """

    help = "Record a mail that came back: one message on standard input, or the new ones of a Maildir."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the folder, for where the mail server cannot pipe."""
        parser.add_argument("--folder", help="a Maildir: read its new messages, and mark them as read")

    def handle(self, *args: Any, **options: Any) -> None:
        """Record what came back, and print how many mails that were."""
        try:
            if options["folder"] is None:
                number = self._record(sys.stdin.buffer.read(MAX_BYTES))
            else:
                number = self._read(Path(options["folder"]))
        except (OperationalError, InterfaceError) as silence:
            # The mail server keeps the message and pipes it again later.
            raise SystemExit(os.EX_TEMPFAIL) from silence
        self.stdout.write(f"mails that came back: {number}")

    def _read(self, folder: Path) -> int:
        """Read the new messages, each up to the limit: one of hundreds of megabytes costs no more than another."""
        number = 0
        for path in sorted((folder / "new").iterdir()):
            with path.open("rb") as file:
                number += self._record(file.read(MAX_BYTES))
            # As mail programs mark what was seen.
            path.rename(folder / "cur" / f"{path.name.partition(':')[0]}:2,S")
        return number

    def _record(self, data: bytes) -> int:
        if not is_of_a_mail(data):
            return 0
        return int(record_bounce(returned=read_returned(data), at=clock.now()) is not None)
