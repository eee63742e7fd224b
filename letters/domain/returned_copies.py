"""Copies of a letter that came back: sent to another address, or put aside (rules 19 and 35).

The letter itself was sent, and its term runs, whatever becomes of a copy.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import is_filled
from letters.domain import mails
from letters.events import COPY_PUT_ASIDE, COPY_SENT_ANEW
from letters.models import Letter, Recipient, ReturnedCopy
from letters.queries import copies_that_came_back, latest_letters


class CopyNotBack(RuleViolation):
    """A copy that is on its way, arrived or was settled is not settled once more."""


def settle_copy(
    *, recipient_id: int, seen_mail: int, email: str, reason: str, actor: User, at: datetime
) -> ReturnedCopy:
    """Send a copy that came back to an address, or put it aside where ``email`` is empty. Idempotent.

    Within the act of an app, which has checked that the actor is of the office, that the case is open to them, and whose the
    address is. ``seen_mail`` is the mail that the actor saw come back. Raises ``CopyNotBack``, and ``RuleViolation`` without a
    reason.
    """
    recipient = Recipient.objects.select_for_update(of=("self",)).get(pk=recipient_id)
    before = ReturnedCopy.objects.filter(mail=seen_mail, recipient=recipient, sent_to=email).first()
    if before is not None:
        return before
    # Copies follow a letter that goes once more, and one that is replaced is of no matter.
    letter = (
        latest_letters()
        .select_related("document", "text__kind", "text__call", "supersedes")
        .filter(pk=recipient.letter_id, sent_at__isnull=False)
        .first()
    )
    if letter is None or not _is_back(letter, recipient, seen_mail):
        raise CopyNotBack(_("This copy is not waiting for anybody now. Look again."))
    if not is_filled(reason):
        raise RuleViolation(_("Write down why."), field="reason")
    settled = ReturnedCopy.objects.create(
        recipient=recipient,
        mail_id=seen_mail,
        sent_to=email,
        reason=reason.strip(),
        settled_by=actor,
        settled_at=at,
    )
    if email:
        mails.queue_copy_anew(recipient, letter, email=email, at=at)
        record(COPY_SENT_ANEW, subject=letter, actor=actor, at=at)
    else:
        record(COPY_PUT_ASIDE, subject=letter, actor=actor, at=at)
    return settled


def _is_back(letter: Letter, recipient: Recipient, seen_mail: int) -> bool:
    return copies_that_came_back(letter).filter(pk=recipient.pk, mail=seen_mail).exists()
