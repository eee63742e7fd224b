"""Copies of a letter that came back: sent to another address, or put aside (rules 19 and 35).

The letter itself was sent, and its term runs, whatever becomes of a copy.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import is_filled
from hubportal.mail.domain.outbox import give_up
from hubportal.mail.models import OutgoingMail
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
    letter, mail = _back(recipient, seen_mail)
    if not is_filled(reason):
        raise RuleViolation(_("Write down why."), field="reason")
    give_up(mail)
    settled = ReturnedCopy.objects.create(
        recipient=recipient,
        mail=mail,
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


def _back(recipient: Recipient, seen_mail: int) -> tuple[Letter, OutgoingMail]:
    """Return the letter of a copy that came back, with its mail, locked: the office may be settling it."""
    # Copies follow a letter that goes once more, and one that is replaced is of no matter.
    letter = (
        latest_letters()
        .select_related("document", "text__kind", "text__call", "supersedes")
        .filter(pk=recipient.letter_id, sent_at__isnull=False)
        .first()
    )
    mail = OutgoingMail.objects.select_for_update().filter(pk=seen_mail).first()
    back = copies_that_came_back(letter).filter(pk=recipient.pk, mail=seen_mail)
    if letter is None or mail is None or not back.exists():
        raise CopyNotBack(_("This copy is not waiting for anybody now. Look again."))
    return letter, mail
