"""What becomes of the letter of a decision after it was mailed: opened, or sent once more (rule 34)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from decisions.models import Decision
from decisions.permissions import may_receive_letter, may_send_letter_anew
from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation
from letters.domain.returning import ask_to_send_anew, note_opening
from letters.models import Letter
from letters.queries import current


class OtherMail(RuleViolation):
    """Another mail brings the letter by now than the page showed."""


@transaction.atomic(durable=True)
def send_letter_anew(
    *, decision_id: int, seen_mail: int | None, email: str, reason: str, actor: User, at: datetime
) -> Letter:
    """Have the letter of a decision that came back sent once more, to this address. Idempotent.

    The application stays as it was sealed. ``seen_mail`` is the mail that the actor saw come back. Raises ``NotAllowed``
    unless the actor is an officer who may read the application, ``OtherMail``, ``NotInTrouble``, and ``RuleViolation``
    without a reason.
    """
    decision = Decision.objects.select_related("application", "letter").get(pk=decision_id)
    may_send_letter_anew.check(actor, decision.application)
    if decision.letter is None or current(decision.letter).mail_id != seen_mail:
        raise OtherMail(
            _("This changed after you opened the page, so nothing has been recorded. Look again.")
        )
    letter = current(decision.letter)
    return ask_to_send_anew(letter_id=letter.pk, email=email, reason=reason, actor=actor, at=at)


@transaction.atomic(durable=True)
def record_opening(*, decision_id: int, actor: User, at: datetime) -> bool:
    """Record that the addressee opened the letter of a decision for the first time. Idempotent.

    Returns whether it was the first time. Raises ``NotAllowed`` unless the actor is proved to speak for the lead
    organisation: that a partner or the office opens it proves nothing.
    """
    decision = Decision.objects.select_related("application", "letter").get(pk=decision_id)
    may_receive_letter.check(actor, decision.application)
    if decision.letter is None:
        return False
    return note_opening(letter_id=current(decision.letter).pk, actor=actor, at=at)
