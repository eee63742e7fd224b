"""What must be true of the outbox (rule 25)."""

from collections.abc import Iterator

from hubportal.kernel.invariants import Violation
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail


def violations() -> Iterator[Violation]:
    """Yield each mail that counts as sent without ever having been claimed."""
    for mail in OutgoingMail.objects.filter(status=MailStatus.SENT, claimed_at__isnull=True):
        yield Violation(25, "mail.OutgoingMail", mail.pk, "is sent but was never claimed")
