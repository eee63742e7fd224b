"""What becomes of the letter of a decision after it was mailed: opened, or sent once more (rule 34)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.frozen import frozen_content
from decisions.models import Decision
from decisions.permissions import may_receive_letter, may_send_letter_anew
from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation
from letters.domain.returning import ask_to_send_anew, note_opening
from letters.enums import Part
from letters.models import Letter
from letters.queries import current
from organisations.queries import people_confirmed_by, people_who_speak_for


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
        named.setdefault(email.casefold(), (email, name))
    return dict(named.values())


@transaction.atomic(durable=True)
def send_letter_anew(
    *, decision_id: int, seen_mail: int | None, email: str, reason: str, actor: User, at: datetime
) -> Letter:
    """Have the letter of a decision that came back sent once more, to one of ``addresses_for`` it. Idempotent.

    The application stays as it was sealed. ``seen_mail`` is the mail that the actor saw come back. Raises ``NotAllowed``
    unless the actor is an officer who may read the application, ``OtherMail``, ``UnknownAddress``, ``NotInTrouble``, and ``RuleViolation``
    without a reason.
    """
    decision = Decision.objects.select_related("application__coalition", "application__frozen", "letter").get(
        pk=decision_id
    )
    may_send_letter_anew.check(actor, decision.application)
    if decision.letter is None or current(decision.letter).mail_id != seen_mail:
        raise OtherMail(
            _("This changed after you opened the page, so nothing has been recorded. Look again.")
        )
    letter = current(decision.letter)
    if email not in addresses_for(decision, letter, actor):
        raise UnknownAddress(_("Choose one of these addresses."), field="email")
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
