"""What becomes of a partner's copy of a letter that came back: sent to another of its people, or put aside (rule 19)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.frozen import frozen_content
from decisions.domain.returned_letters import UnknownAddress
from decisions.models import Decision
from decisions.permissions import may_send_letter_anew
from hubportal.accounts.models import User
from hubportal.kernel.mailboxes import mailbox
from letters.domain.returned_copies import CopyNotBack, settle_copy
from letters.enums import Part
from letters.models import Recipient, ReturnedCopy
from letters.queries import current
from organisations.ended import is_ended_by_others
from organisations.queries import ever_proved_by_mailbox, people_confirmed_by, people_who_speak_for


def partner_of(decision: Decision, recipient: Recipient) -> int | None:
    """Return the organisation whose copy somebody gets, by its key: that of the sealed contact, or of whom it went to instead."""
    sealed = frozen_content(decision.application)
    partners = [each for each in sealed["organisations"] if not each["is_lead"]]
    box = mailbox(recipient.email)
    for partner in partners:
        if mailbox(partner["contact"]["email"]) == box:
            return int(partner["id"])
    # Sent anew it has another address, and the name of before.
    named = [int(each["id"]) for each in partners if each["contact"]["name"] == recipient.name]
    if len(named) == 1:
        return named[0]
    return ever_proved_by_mailbox([int(each["id"]) for each in partners]).get(box)


def addresses_for_copy(decision: Decision, recipient: Recipient, officer: User) -> dict[str, str]:
    """Return to which addresses a copy can go, each with whose it is: the one of until now first, unless others ended its owner there.

    Those of the accounts that speak for that partner now: their owner received mail there. Whom this officer confirmed is left
    to a colleague (rules 19 and 27).
    """
    partner = partner_of(decision, recipient)
    is_gone = partner is not None and is_ended_by_others(partner, mailbox(recipient.email))
    found = [] if is_gone else [(recipient.email, recipient.name)]
    if partner is not None:
        own = people_confirmed_by(officer, partner).values("pk")
        speakers = people_who_speak_for(partner).filter(is_active=True).exclude(pk__in=own)
        found += [(each.email, each.full_name) for each in speakers.order_by("full_name", "pk")]
    named: dict[str, tuple[str, str]] = {}
    for email, name in found:
        named.setdefault(mailbox(email), (email, name))
    return dict(named.values())


@transaction.atomic(durable=True)
def settle_returned_copy(
    *,
    decision_id: int,
    recipient_id: int,
    seen_mail: int,
    email: str,
    reason: str,
    actor: User,
    at: datetime,
) -> ReturnedCopy:
    """Send a partner's copy that came back to one of ``addresses_for_copy``, or put it aside with ``email`` empty. Idempotent.

    ``seen_mail`` is the mail that the actor saw come back. Raises ``NotAllowed`` unless the actor is an officer who may read
    the application, ``UnknownAddress``, ``CopyNotBack``, and ``RuleViolation`` without a reason.
    """
    decision = Decision.objects.select_related("application__frozen", "letter").get(pk=decision_id)
    may_send_letter_anew.check(actor, decision.application)
    letter = current(decision.letter) if decision.letter else None
    recipient = letter.recipients.filter(pk=recipient_id, part=Part.COPY).first() if letter else None
    if letter is None or recipient is None:
        raise CopyNotBack(_("This copy is not waiting for anybody now. Look again."))
    if email and email not in addresses_for_copy(decision, recipient, actor):
        raise UnknownAddress(_("Choose one of these addresses."), field="email")
    return settle_copy(
        recipient_id=recipient.pk, seen_mail=seen_mail, email=email, reason=reason, actor=actor, at=at
    )
