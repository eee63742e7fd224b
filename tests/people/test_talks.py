"""Talks with people who agreed, and when to come back to them (rule 23)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import NewerVersion
from people.domain.talks import TalkFacts, add_talk, change_talk, follow_up, remove_talk
from people.queries import follow_ups_of
from tests.factories.moments import AT
from tests.factories.people import agreed_person, kwartiermaker_in, waiting_person
from tests.factories.regions import RegionFactory

pytestmark = pytest.mark.django_db

DAY = AT.date()
TALK = TalkFacts(DAY, "Wil meepraten over vervoer.", DAY + timedelta(days=7))


def test_a_talk_is_written_down_once(region, kwartiermaker) -> None:
    somebody, key = agreed_person(region, kwartiermaker), uuid4()
    talks = {
        add_talk(person_id=somebody.pk, facts=TALK, added_with=key, actor=kwartiermaker, at=AT)
        for _click in range(2)
    }
    [talk] = talks
    assert TalkFacts(talk.held_on, talk.text, talk.follow_up_on) == TALK
    event = AuditEvent.objects.get(act="people.talked")
    assert (event.subject_id, event.facts) == (talk.pk, {})


def test_nothing_that_somebody_says_is_kept_before_they_agreed(region, kwartiermaker) -> None:
    somebody = waiting_person(region, kwartiermaker)
    with pytest.raises(RuleViolation):
        add_talk(person_id=somebody.pk, facts=TALK, actor=kwartiermaker, at=AT)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (TalkFacts(DAY + timedelta(days=1), "Nog niet."), "held_on"),
        (TalkFacts(DAY, "Wel.", DAY - timedelta(days=1)), "follow_up_on"),
    ],
)
def test_a_talk_was_held_and_is_come_back_to_later(region, kwartiermaker, facts, field) -> None:
    somebody = agreed_person(region, kwartiermaker)
    with pytest.raises(RuleViolation) as refusal:
        add_talk(person_id=somebody.pk, facts=facts, actor=kwartiermaker, at=AT)
    assert refusal.value.field == field


def test_what_is_due_waits_for_every_kwartiermaker_of_the_region_until_somebody_came_back(
    region, kwartiermaker
) -> None:
    talk = add_talk(person_id=agreed_person(region, kwartiermaker).pk, facts=TALK, actor=kwartiermaker, at=AT)
    colleague, elsewhere = kwartiermaker_in(region), kwartiermaker_in(RegionFactory.create())
    due = DAY + timedelta(days=7)

    def waiting(today: date) -> list[int]:
        return [follow_ups_of(each, today=today).count() for each in (kwartiermaker, colleague, elsewhere)]

    assert (waiting(due - timedelta(days=1)), waiting(due)) == ([0, 0, 0], [1, 1, 0])
    for _click in range(2):
        follow_up(talk_id=talk.pk, actor=colleague, at=AT)
    talk.refresh_from_db()
    assert (talk.followed_up_at, talk.changed_by, talk.version, waiting(due)) == (AT, colleague, 2, [0, 0, 0])
    again = change_talk(
        talk_id=talk.pk,
        facts=TalkFacts(DAY, TALK.text, due + timedelta(days=1)),
        seen_version=2,
        actor=kwartiermaker,
        at=AT,
    )
    assert (again.followed_up_at, waiting(due + timedelta(days=1))) == (None, [1, 1, 0])


def test_nothing_newer_of_a_talk_is_overwritten(region, kwartiermaker) -> None:
    talk = add_talk(person_id=agreed_person(region, kwartiermaker).pk, facts=TALK, actor=kwartiermaker, at=AT)
    changed = TalkFacts(DAY, "Anders.")
    assert (
        change_talk(talk_id=talk.pk, facts=changed, seen_version=1, actor=kwartiermaker, at=AT).version == 2
    )
    with pytest.raises(NewerVersion):
        change_talk(talk_id=talk.pk, facts=TALK, seen_version=1, actor=kwartiermaker, at=AT)
    assert (
        change_talk(talk_id=talk.pk, facts=changed, seen_version=1, actor=kwartiermaker, at=AT).version == 2
    )


def test_a_talk_is_removed_for_good(region, kwartiermaker) -> None:
    talk = add_talk(person_id=agreed_person(region, kwartiermaker).pk, facts=TALK, actor=kwartiermaker, at=AT)
    remove_talk(talk_id=talk.pk, actor=kwartiermaker, at=AT)
    with pytest.raises(RuleViolation):
        remove_talk(talk_id=talk.pk, actor=kwartiermaker, at=AT)
    assert AuditEvent.objects.get(act="people.talk_removed").facts == {}


def test_only_a_kwartiermaker_of_the_region_writes_changes_and_removes(region, kwartiermaker) -> None:
    somebody = agreed_person(region, kwartiermaker)
    talk = add_talk(person_id=somebody.pk, facts=TALK, actor=kwartiermaker, at=AT)
    other = kwartiermaker_in(RegionFactory.create())
    for act in (
        lambda: add_talk(person_id=somebody.pk, facts=TALK, actor=other, at=AT),
        lambda: change_talk(talk_id=talk.pk, facts=TALK, seen_version=1, actor=other, at=AT),
        lambda: follow_up(talk_id=talk.pk, actor=other, at=AT),
        lambda: remove_talk(talk_id=talk.pk, actor=other, at=AT),
    ):
        with pytest.raises(NotAllowed):
            act()
