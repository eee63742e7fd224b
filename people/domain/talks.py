"""The log of talks with people, and when to come back to them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import check_version
from people.domain.keeping import locked_person
from people.events import TALK_REMOVED, TALKED
from people.models import PersonTalk
from people.permissions import may_keep


@dataclass(frozen=True)
class TalkFacts:
    """What is kept of a talk."""

    held_on: date
    text: str
    follow_up_on: date | None = None


@transaction.atomic(durable=True)
def add_talk(
    *, person_id: int, facts: TalkFacts, added_with: UUID | None = None, actor: User, at: datetime
) -> PersonTalk:
    """Write down a talk with somebody who agreed to be kept. Idempotent where ``added_with``, a key of the page, is given.

    Raises ``NotAllowed``, and ``RuleViolation`` for one who did not agree yet, for a day to come, and for coming back to
    it before it.
    """
    person = locked_person(person_id, at=at)
    may_keep.check(actor, person)
    if added_with and (earlier := person.talks.filter(added_with=added_with).first()):
        return earlier
    if person.consented_at is None:
        raise RuleViolation(_("Until this person agrees you may not keep what they say."))
    _check(facts, at=at)
    talk = PersonTalk.objects.create(
        person=person,
        held_on=facts.held_on,
        text=facts.text,
        follow_up_on=facts.follow_up_on,
        added_with=added_with,
        changed_by=actor,
        changed_at=at,
    )
    record(TALKED, subject=talk, actor=actor, at=at)
    return talk


@transaction.atomic(durable=True)
def change_talk(
    *, talk_id: int, facts: TalkFacts, seen_version: int, actor: User, at: datetime
) -> PersonTalk:
    """Change what is kept of a talk; another day to come back to it opens it again. Idempotent.

    Raises ``NotAllowed``, ``NewerVersion`` when something else was saved over the seen version (rule 12), and
    ``RuleViolation`` as ``add_talk`` does.
    """
    talk = _locked_talk(talk_id, actor, at=at)
    kept = TalkFacts(talk.held_on, talk.text, talk.follow_up_on)
    if facts == kept:
        return talk
    check_version(talk.version, seen_version)
    _check(facts, at=at)
    talk.held_on, talk.text = facts.held_on, facts.text
    if facts.follow_up_on != talk.follow_up_on:
        talk.follow_up_on, talk.followed_up_at = facts.follow_up_on, None
    _save(talk, actor=actor, at=at)
    record(TALKED, subject=talk, actor=actor, at=at)
    return talk


@transaction.atomic(durable=True)
def follow_up(*, talk_id: int, actor: User, at: datetime) -> PersonTalk:
    """Note that the kwartiermaker came back to a talk. Idempotent. Raises ``NotAllowed``."""
    talk = _locked_talk(talk_id, actor, at=at)
    if talk.follow_up_on is not None and talk.followed_up_at is None:
        talk.followed_up_at = at
        _save(talk, actor=actor, at=at)
        record(TALKED, subject=talk, actor=actor, at=at)
    return talk


@transaction.atomic(durable=True)
def remove_talk(*, talk_id: int, actor: User, at: datetime) -> None:
    """Remove what was kept of a talk, for good. Raises ``NotAllowed``, and ``RuleViolation`` once it is gone."""
    talk = _locked_talk(talk_id, actor, at=at)
    record(TALK_REMOVED, subject=talk, actor=actor, at=at)
    talk.delete()


def _locked_talk(talk_id: int, actor: User, *, at: datetime) -> PersonTalk:
    found = PersonTalk.objects.filter(pk=talk_id).values_list("person_id", flat=True).first()
    # The person first, as in every other act.
    person = locked_person(found or 0, at=at)
    may_keep.check(actor, person)
    talk = PersonTalk.objects.select_for_update().filter(pk=talk_id).first()
    if talk is None:
        raise RuleViolation(_("This talk has been removed meanwhile."))
    return talk


def _save(talk: PersonTalk, *, actor: User, at: datetime) -> None:
    talk.version += 1
    talk.changed_by, talk.changed_at = actor, at
    talk.save()


def _check(facts: TalkFacts, *, at: datetime) -> None:
    if facts.held_on > local_date(at):
        raise RuleViolation(
            _("This day is still to come. For a talk that is planned, enter the day to come back to it."),
            field="held_on",
        )
    if facts.follow_up_on and facts.follow_up_on < facts.held_on:
        raise RuleViolation(_("Come back to it on the day of the talk, or later."), field="follow_up_on")
