"""What becomes of the letter of a decision after it was mailed: opened, or sent once more (rule 34)."""

import json
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.frozen import delivery_in, frozen_content
from decisions.domain.letter_facts import addressee_in
from decisions.models import Decision
from decisions.permissions import may_receive_letter, may_send_letter_anew
from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.mailboxes import mailbox
from hubportal.mail.queries import came_back
from letters.domain.returning import ask_to_send_anew, ask_to_send_by_post, note_opening
from letters.enums import Part
from letters.models import Letter
from letters.queries import current
from organisations.queries import people_confirmed_by, people_who_speak_for, undisputed_people_of


class UnknownAddress(RuleViolation):
    """A letter would go to an address of which nobody proved that it is the applicant's."""


class OtherMail(RuleViolation):
    """Another mail brings the letter by now than the page showed."""


def addresses_for(decision: Decision, letter: Letter, officer: User) -> dict[str, str]:
    """Return to which addresses the letter of a decision can go, each with whose it is: the one of until now first.

    Those of the two people of the lead organisation that the sealed application names, and of the accounts that speak for
    that organisation now: their owner received mail there. Nobody of the office can think one up: whom this officer confirmed
    as speaking for it is left to a colleague (rules 19 and 27).
    """
    sealed = frozen_content(decision.application)["people"]
    found = [(each.email, each.name) for each in letter.recipients.filter(part=Part.ORIGINAL)]
    found += [
        (sealed[role]["email"], sealed[role]["name"]) for role in ("main_applicant", "authorised_signatory")
    ]
    lead = decision.application.coalition.lead_organisation_id
    own = people_confirmed_by(officer, lead).values("pk")
    speakers = people_who_speak_for(lead).filter(is_active=True).exclude(pk__in=own)
    found += [(each.email, each.full_name) for each in speakers.order_by("full_name", "pk")]
    named: dict[str, tuple[str, str]] = {}
    for email, name in found:
        named.setdefault(mailbox(email), (email, name))
    return dict(named.values())


def addresses_that_work(decision: Decision, letter: Letter, officer: User) -> list[str]:
    """Return of ``addresses_for`` a letter those from which no mail about it came back, one per mailbox (rule 28)."""
    back = {mailbox(recipient) for _kind, recipient in came_back(letter.about)}
    known = {mailbox(each): each for each in reversed(addresses_for(decision, letter, officer))}
    return sorted(address for box, address in known.items() if box not in back)


@transaction.atomic(durable=True)
def send_letter_anew(
    *, decision_id: int, seen_mail: int | None, email: str, reason: str, actor: User, at: datetime
) -> Letter:
    """Have the letter of a decision that came back sent once more, to one of ``addresses_for`` it. Idempotent.

    The application stays as it was sealed. ``seen_mail`` is the mail that the actor saw come back. Raises ``NotAllowed``
    unless the actor is an officer who may read the application, ``OtherMail``, ``UnknownAddress``, ``NotInTrouble``, and ``RuleViolation``
    without a reason.
    """
    decision, letter = _seen(decision_id, seen_mail, actor)
    if email not in addresses_for(decision, letter, actor):
        raise UnknownAddress(_("Choose one of these addresses."), field="email")
    return ask_to_send_anew(letter_id=letter.pk, email=email, reason=reason, actor=actor, at=at)


def postal_address_of(decision: Decision, letter: Letter) -> list[str]:
    """Return the lines of the postal address that a letter carries and the applicant gave before submitting; else nothing.

    Nobody of the office can think one up: it is part of what was sealed, and of the words of the letter.
    """
    sealed = frozen_content(decision.application)
    if delivery_in(sealed) is None:
        return []
    carried = list(json.loads(bytes(letter.content))["addressee"]["lines"])
    return carried if carried == list(addressee_in(sealed).lines) else []


@transaction.atomic(durable=True)
def send_letter_by_post(
    *, decision_id: int, seen_mail: int | None, reason: str, actor: User, at: datetime
) -> Letter:
    """Have the letter of a decision that came back go on paper, to the ``postal_address_of`` it. Idempotent.

    It waits for the post, and its term runs from the day that somebody records it as posted. ``seen_mail`` is the mail that the
    actor saw come back. Raises ``NotAllowed`` unless the actor is an officer who may read the application, ``OtherMail``,
    ``UnknownAddress`` without such an address, ``NotInTrouble``, and ``RuleViolation`` without a reason.
    """
    decision, letter = _seen(decision_id, seen_mail, actor)
    if not postal_address_of(decision, letter):
        raise UnknownAddress(
            _("The applicant gave no postal address that this letter carries, so it cannot go by post.")
        )
    return ask_to_send_by_post(letter_id=letter.pk, reason=reason, actor=actor, at=at)


def _seen(decision_id: int, seen_mail: int | None, actor: User) -> tuple[Decision, Letter]:
    """Return a decision and the letter of it that counts, which the mail brings that the actor saw."""
    decision = Decision.objects.select_related("application__coalition", "application__frozen", "letter").get(
        pk=decision_id
    )
    may_send_letter_anew.check(actor, decision.application)
    if decision.letter is None or current(decision.letter).mail_id != seen_mail:
        raise OtherMail(
            _("This changed after you opened the page, so nothing has been recorded. Look again.")
        )
    return decision, current(decision.letter)


@transaction.atomic(durable=True)
def record_opening(*, decision_id: int, actor: User, at: datetime) -> bool:
    """Record that the addressee opened the letter of a decision for the first time. Idempotent.

    Returns whether it was the first time. Raises ``NotAllowed`` unless the actor is proved to speak for the lead
    organisation: that a partner or the office opens it proves nothing, nor that somebody does of whom it is disputed.
    """
    decision = Decision.objects.select_related("application__coalition", "letter").get(pk=decision_id)
    may_receive_letter.check(actor, decision.application)
    lead = decision.application.coalition.lead_organisation_id
    if decision.letter is None or not undisputed_people_of(lead).filter(pk=actor.pk).exists():
        return False
    return note_opening(letter_id=current(decision.letter).pk, actor=actor, at=at)
