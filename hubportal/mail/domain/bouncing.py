"""Recording that a mail came back (rule 34)."""

from datetime import datetime, timedelta

from django.db import transaction

from hubportal.mail.domain.returned import Returned, Verdict, tokens_in
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail

# Mail servers give up after five days; what comes back much later says nothing of the mail.
COMES_BACK_WITHIN = timedelta(days=14)
# A mail that is being handed over can come back before its worker wrote that it went.
_WENT = (MailStatus.CLAIMED, MailStatus.SENT, MailStatus.UNCERTAIN)


def is_of_a_mail(data: bytes) -> bool:
    """Tell whether a message holds the token of a mail: nothing else is worth the seconds that reading it may cost."""
    return OutgoingMail.objects.filter(return_token__in=tokens_in(data)).exists()


@transaction.atomic(durable=True)
def record_bounce(*, returned: Returned, at: datetime) -> OutgoingMail | None:
    """Mark the mail that came back for good, with the day and the reason. Idempotent.

    Returns ``None`` when it is no bounce or only a delay, or names no mail or several, or one that went long ago.
    """
    if returned.verdict != Verdict.FAILED:
        return None
    named = OutgoingMail.objects.select_for_update().filter(return_token__in=returned.tokens)
    mails = list(named.order_by("pk")[:2])
    if len(mails) != 1:
        return None
    [mail] = mails
    assert mail.claimed_at is not None  # it has a token
    if mail.status not in _WENT or at >= mail.claimed_at + COMES_BACK_WITHIN:
        return None
    mail.status, mail.bounced_at, mail.problem = MailStatus.BOUNCED, at, returned.reason
    mail.save(update_fields=["status", "bounced_at", "problem"])
    return mail
