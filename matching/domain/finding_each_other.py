"""Wanting to be found on a question, first without a name, then with it to who shows theirs."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.accounts.permissions import Person
from hubportal.audit.domain.events import record
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import RuleViolation
from mapping.agreement_queries import agreements_of
from mapping.cards import shown_card
from mapping.models import ParticipationQuestion
from matching.domain.mails import queue_looked_for
from matching.events import FOUND_ENDED, FOUND_SAID
from matching.found_queries import matches_of, others_on, questions_for, undisputed, wish_of, wishes_of
from matching.models import FoundWish
from matching.permissions import may_be_found, may_withdraw_wish
from organisations.models import Organisation


@transaction.atomic(durable=True)
def want_to_be_found(
    *, organisation_id: int, question_id: int, shows_name: bool, contact: str, actor: User, at: datetime
) -> FoundWish:
    """Say that an organisation wants to be found on a question, without or with its name. Idempotent.

    Who looks on the same question is mailed once, without a name. Raises ``NotAllowed`` unless the actor is proved to
    speak for the organisation and it is published (rules 23 and 27), and ``RuleViolation`` for a question that is not
    public in a region of it, or while somebody disputes that the actor speaks for it.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    may_be_found.check(actor, organisation)
    # Who says so at the same moment waits here: the later of the two finds the earlier one, which is mailed.
    list(ParticipationQuestion.objects.select_for_update(no_key=True).filter(pk=question_id))
    if not questions_for(organisation, today=local_date(at)).filter(pk=question_id).exists():
        raise RuleViolation(_("This question is no longer public. Choose another one."))
    if not undisputed().filter(organisation=organisation, user=actor).exists():
        raise RuleViolation(
            _(
                "The programme office is settling whether you represent this organisation. Until then it cannot be found through you."
            )
        )
    contact = contact if shows_name else ""
    wish = wish_of(organisation, question_id) or FoundWish(organisation=organisation, question_id=question_id)
    if wish.pk and (wish.shows_name, wish.contact, wish.said_by_id) == (shows_name, contact, actor.pk):
        return wish
    wish.shows_name, wish.contact, wish.said_by, wish.said_at = shows_name, contact, actor, at
    wish.save()
    record(FOUND_SAID, subject=organisation, actor=actor, at=at)
    waiting = list(others_on(wish).filter(mailed_at=None).select_for_update(of=("self",)))
    for each in waiting:
        each.mailed_at = at
        each.save(update_fields=["mailed_at"])
    queue_looked_for(waiting, at=at)
    return wish


@transaction.atomic(durable=True)
def no_longer_be_found(*, organisation_id: int, question_id: int, actor: User, at: datetime) -> None:
    """Withdraw it: from now on nobody reads the name, and nobody is told that it went. Idempotent.

    Also where the organisation is no longer published. Raises ``NotAllowed`` unless the actor is proved to speak for it.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    may_withdraw_wish.check(actor, organisation)
    wish = wish_of(organisation, question_id)
    if wish is not None:
        wish.delete()
        record(FOUND_ENDED, subject=organisation, actor=actor, at=at)


@dataclass(frozen=True)
class Found:
    """Somebody who shows their name on a question."""

    name: str
    contact: str


@dataclass(frozen=True)
class Looking:
    """A question, what the organisation said of it, and what it may know of others there."""

    question: ParticipationQuestion
    wish: FoundWish | None
    # Without a number: whether anybody else looks. Told only to who looks too.
    is_looked_for: bool
    # Told only to who shows their own name.
    found: list[Found]


def looking_of(organisation: Organisation, *, user: Person, today: date) -> list[Looking]:
    """Return the questions on which an organisation can be found, with what it may know of others (rule 26)."""
    wishes = wishes_of(organisation)
    matches = matches_of(wishes, user=user)
    shown = [each for others in matches.values() for each in others if each.shows_name]
    agreed = agreements_of({each.organisation_id for each in shown})

    def found(wish: FoundWish | None) -> list[Found]:
        if wish is None or not wish.shows_name:
            return []
        names = [each for each in matches.get(wish.question_id, []) if each.shows_name]
        return [
            Found(shown_card(each.organisation, agreed.get(each.organisation_id)).card.name, each.contact)
            for each in names
        ]

    return [
        Looking(
            each, wishes.get(each.pk), each.pk in wishes and each.pk in matches, found(wishes.get(each.pk))
        )
        for each in questions_for(organisation, today=today)
    ]
