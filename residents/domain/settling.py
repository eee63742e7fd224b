"""What a kwartiermaker does with what a resident wrote."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from mapping.domain.suggested import put_suggested, write_suggested_question
from mapping.models import ParticipationQuestion
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from residents.enums import MessageKind, Outcome
from residents.events import SETTLED
from residents.models import ResidentMessage
from residents.permissions import may_settle

# What a kwartiermaker can choose beside taking it over.
CHOSEN = (Outcome.ANSWERED, Outcome.ASIDE)


@transaction.atomic(durable=True)
def take_over_question(*, message_id: int, actor: User, at: datetime) -> ParticipationQuestion:
    """Make a question of the region of what a resident brought up: not public, and without who it was.

    Raises ``NotAllowed``, and ``RuleViolation`` once it was dealt with.
    """
    message = _locked(message_id, actor)
    may_settle.check(actor, message)
    _check_waits(message, as_a=MessageKind.QUESTION)
    question = write_suggested_question(
        message.region,
        title=message.title,
        description=message.text,
        municipality=message.municipality,
        actor=actor,
        at=at,
    )
    _settle(message, Outcome.TAKEN, actor=actor, at=at)
    return question


@transaction.atomic(durable=True)
def take_over_organisation(*, message_id: int, actor: User, at: datetime) -> Organisation:
    """Put an organisation that somebody signed up on the map of the region: not public, and without who it was.

    Raises ``NotAllowed``, and ``RuleViolation`` once it was dealt with.
    """
    message = _locked(message_id, actor)
    may_settle.check(actor, message)
    _check_waits(message, as_a=MessageKind.ORGANISATION)
    facts = OrganisationFacts(
        message.title,
        municipality=message.municipality,
        website=message.website,
        description=message.text,
    )
    organisation = put_suggested(facts, message.region, actor=actor, at=at)
    _settle(message, Outcome.TAKEN, actor=actor, at=at)
    return organisation


@transaction.atomic(durable=True)
def settle_message(*, message_id: int, outcome: Outcome, actor: User, at: datetime) -> ResidentMessage:
    """Record that a message was answered or put aside. Idempotent.

    Raises ``NotAllowed``, and ``RuleViolation`` once something else was done with it.
    """
    assert outcome in CHOSEN
    message = _locked(message_id, actor)
    may_settle.check(actor, message)
    if message.outcome == outcome:
        return message
    _check_waits(message)
    _settle(message, outcome, actor=actor, at=at)
    return message


def _locked(message_id: int, actor: User) -> ResidentMessage:
    lock_person(actor)
    messages = ResidentMessage.objects.select_for_update(of=("self",)).select_related("region")
    return messages.get(pk=message_id)


def _check_waits(message: ResidentMessage, *, as_a: MessageKind | None = None) -> None:
    if as_a not in {None, message.kind}:
        raise RuleViolation(_("This cannot be taken over as such."))
    if message.settled_at is not None:
        raise RuleViolation(_("This has been dealt with already."))


def _settle(message: ResidentMessage, outcome: Outcome, *, actor: User, at: datetime) -> None:
    message.settled_at, message.settled_by, message.outcome = at, actor, outcome
    message.save(update_fields=["settled_at", "settled_by", "outcome"])
    facts = {"region": message.region_id, "outcome": outcome}
    record(SETTLED, subject=message, actor=actor, at=at, facts=facts)
