"""Consent: by a link that works once, or recorded with day and how; for a while, prolonged by themselves (rule 23; GDPR art. 7)."""

from datetime import date, timedelta

import pytest

from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.one_time import DeadLink
from hubportal.kernel.versions import NewerVersion
from hubportal.mail.models import OutgoingMail
from mapping.models import ParticipationQuestion
from people.domain.consenting import (
    agree_by_link,
    ask_again,
    prolong_by_link,
    record_consent,
    shown_of,
)
from people.domain.keeping import Reach, change_person
from people.domain.links import find_link
from people.domain.reminding import remind_person
from people.domain.talks import TalkFacts, add_talk
from people.enums import ConsentWay, LinkUse
from people.models import MappedPerson, PersonEngagement, PersonLink
from people.queries import people_to_remind
from tests.factories.moments import AT
from tests.factories.people import (
    agreed_person,
    kwartiermaker_in,
    reminded_person,
    secret_for,
    waiting_person,
)
from tests.factories.regions import RegionFactory
from tests.racing import race

pytestmark = pytest.mark.django_db

TWO_YEARS = "2026-05-01T23:59:59.999999+02:00"


def link_to(somebody: MappedPerson, use: LinkUse = LinkUse.ANSWER) -> PersonLink:
    link = find_link(secret_for(somebody, use), use)
    assert link is not None
    return link


def agree(somebody: MappedPerson, at=AT, shown: str | None = None) -> MappedPerson:
    return agree_by_link(link_id=link_to(somebody).pk, shown=shown or shown_of(somebody, at=at), at=at)


def record(somebody: MappedPerson, actor: User, **values):
    defaults = {"way": ConsentWay.PHONE, "told_on": AT.date(), "account": "Voorgelezen.", "at": AT}
    return record_consent(person_id=somebody.pk, actor=actor, **{**defaults, **values})


def test_who_agrees_is_kept_for_two_years_and_gets_a_link_that_stays(region, kwartiermaker) -> None:
    somebody = agree(waiting_person(region, kwartiermaker))
    [consent] = somebody.consents.all()
    assert (somebody.consented_at, somebody.kept_until.isoformat()) == (AT, TWO_YEARS)
    assert (consent.way, consent.told_on, consent.recorded_by, consent.ends_at) == (
        "link",
        date(2024, 5, 1),
        None,
        somebody.kept_until,
    )
    assert consent.purpose.startswith("De kwartiermaker van de regio bewaart uw gegevens")
    assert OutgoingMail.objects.filter(kind="person_agreed").count() == 1
    assert link_to(somebody, LinkUse.LASTING).expires_at is None
    event = AuditEvent.objects.get(act="people.consented")
    assert (event.actor_id, event.subject_id, event.facts) == (None, somebody.pk, {"way": "link"})


def test_a_link_answers_once(region, kwartiermaker) -> None:
    somebody = waiting_person(region, kwartiermaker)
    link = link_to(somebody)
    agree(somebody)
    with pytest.raises(DeadLink):
        agree_by_link(link_id=link.pk, shown=shown_of(somebody, at=AT), at=AT)
    assert somebody.consents.count() == 1


def test_its_secret_is_stored_nowhere_and_taken_out_of_the_mail_once_used(region, kwartiermaker) -> None:
    somebody = waiting_person(region, kwartiermaker)
    secret, link = secret_for(somebody, LinkUse.ANSWER), link_to(somebody)
    assert secret not in link.secret_digest
    OutgoingMail.objects.update(status="sent", sent_at=AT, claimed_at=AT, attempts=1)
    agree(somebody)
    assert not OutgoingMail.objects.filter(body__contains=secret).exists()


def test_nobody_agrees_to_what_changed_after_they_read_it(region, kwartiermaker) -> None:
    somebody = waiting_person(region, kwartiermaker)
    shown = shown_of(somebody, at=AT)
    change_person(
        person_id=somebody.pk,
        reach=Reach("Iemand anders", somebody.email),
        seen_version=1,
        actor=kwartiermaker,
        at=AT,
    )
    with pytest.raises(NewerVersion):
        agree(somebody, shown=shown)


def test_nobody_agrees_after_the_time_to_answer(region, kwartiermaker) -> None:
    somebody = waiting_person(region, kwartiermaker)
    with pytest.raises(DeadLink):
        agree(somebody, at=somebody.kept_until)


def test_asking_again_makes_a_new_link_and_gives_no_more_time(region, kwartiermaker) -> None:
    somebody = waiting_person(region, kwartiermaker)
    first, later = link_to(somebody), AT + timedelta(days=3)
    ask_again(person_id=somebody.pk, actor=kwartiermaker, at=AT + timedelta(seconds=10))
    assert OutgoingMail.objects.count() == 1
    again = ask_again(person_id=somebody.pk, actor=kwartiermaker, at=later)
    first.refresh_from_db()
    assert (first.withdrawn_at, again.kept_until, OutgoingMail.objects.count()) == (
        later,
        somebody.kept_until,
        2,
    )


def test_nobody_is_asked_more_than_three_times_or_after_they_agreed(region, kwartiermaker) -> None:
    somebody = waiting_person(region, kwartiermaker)
    for day in (1, 2):
        ask_again(person_id=somebody.pk, actor=kwartiermaker, at=AT + timedelta(days=day))
    with pytest.raises(RuleViolation, match="drie keer"):
        ask_again(person_id=somebody.pk, actor=kwartiermaker, at=AT + timedelta(days=3))
    agree(somebody, at=AT + timedelta(days=3))
    with pytest.raises(RuleViolation):
        ask_again(person_id=somebody.pk, actor=kwartiermaker, at=AT + timedelta(days=4))


def test_a_consent_without_e_mail_is_recorded_with_how_and_by_whom(region, kwartiermaker) -> None:
    somebody = waiting_person(region, kwartiermaker, email="", phone="010 555 12 34")
    recorded = record(somebody, kwartiermaker)
    [consent] = recorded.consents.all()
    assert (consent.way, consent.account, consent.recorded_by, recorded.kept_until.isoformat()) == (
        "phone",
        "Voorgelezen.",
        kwartiermaker,
        TWO_YEARS,
    )
    event = AuditEvent.objects.get(act="people.consented")
    assert (event.actor_id, event.facts) == (kwartiermaker.pk, {"way": "phone"})
    assert record(somebody, kwartiermaker).consents.count() == 1


def test_who_can_answer_themselves_is_never_recorded_by_somebody_else(region, kwartiermaker) -> None:
    with pytest.raises(RuleViolation):
        record(waiting_person(region, kwartiermaker), kwartiermaker)


def test_only_a_kwartiermaker_of_the_region_records_and_asks(region, kwartiermaker) -> None:
    elsewhere = kwartiermaker_in(RegionFactory.create())
    with pytest.raises(NotAllowed):
        record(waiting_person(region, kwartiermaker, email="", phone="010 555 12 34"), elsewhere)
    with pytest.raises(NotAllowed):
        ask_again(person_id=waiting_person(region, kwartiermaker).pk, actor=elsewhere, at=AT)


@pytest.mark.parametrize("day", [AT.date() - timedelta(days=1), AT.date() + timedelta(days=1)])
def test_a_consent_is_of_a_day_after_they_were_written_down_and_not_to_come(
    region, kwartiermaker, day
) -> None:
    somebody = waiting_person(region, kwartiermaker, email="", phone="010 555 12 34")
    with pytest.raises(RuleViolation) as refusal:
        record(somebody, kwartiermaker, told_on=day)
    assert refusal.value.field == "told_on"


def test_somebody_is_told_once_in_the_last_thirty_days_and_prolongs_by_themselves(
    region, kwartiermaker
) -> None:
    somebody = agreed_person(region, kwartiermaker)
    early = somebody.kept_until - timedelta(days=31)
    assert not remind_person(person_id=somebody.pk, at=early)
    at = somebody.kept_until - timedelta(days=30)
    assert list(people_to_remind(at=at)) == [somebody]
    assert [remind_person(person_id=somebody.pk, at=at) for _turn in range(2)] == [True, False]
    assert OutgoingMail.objects.filter(kind="person_ends").count() == 1
    link = link_to(somebody, LinkUse.PROLONG)
    prolonged = prolong_by_link(link_id=link.pk, shown=shown_of(somebody, at=at), at=at)
    assert (prolonged.kept_until.date().isoformat(), prolonged.reminded_at) == ("2028-04-01", None)
    assert (prolonged.consents.count(), OutgoingMail.objects.filter(kind="person_prolonged").count()) == (
        2,
        1,
    )
    with pytest.raises(DeadLink):
        prolong_by_link(link_id=link.pk, shown=shown_of(prolonged, at=at), at=at)


def test_nobody_prolongs_what_was_written_down_after_they_read_it(region, kwartiermaker) -> None:
    """Talks and parts are kept as long as the rest: they belong to what is read before prolonging."""
    somebody = agreed_person(region, kwartiermaker)
    at = somebody.kept_until - timedelta(days=30)
    remind_person(person_id=somebody.pk, at=at)
    read = shown_of(somebody, at=at)
    facts = TalkFacts(held_on=at.date(), text="Wil meepraten over vervoer.", follow_up_on=None)
    add_talk(person_id=somebody.pk, facts=facts, actor=kwartiermaker, at=at)
    link = link_to(somebody, LinkUse.PROLONG)
    with pytest.raises(NewerVersion):
        prolong_by_link(link_id=link.pk, shown=read, at=at)
    again = shown_of(somebody, at=at)
    question = ParticipationQuestion.objects.create(region=region, title="Vraag", created_at=AT)
    PersonEngagement.objects.create(person=somebody, question=question, form="advise")
    with pytest.raises(NewerVersion):
        prolong_by_link(link_id=link.pk, shown=again, at=at)
    prolong_by_link(link_id=link.pk, shown=shown_of(somebody, at=at), at=at)


def test_who_did_not_agree_or_has_no_address_is_not_reminded(region, kwartiermaker) -> None:
    waiting_person(region, kwartiermaker)
    by_phone = record(waiting_person(region, kwartiermaker, email="", phone="010 555 12 34"), kwartiermaker)
    assert list(people_to_remind(at=by_phone.kept_until - timedelta(days=1))) == []


def test_a_recorded_consent_is_recorded_anew_in_its_last_thirty_days(region, kwartiermaker) -> None:
    somebody = record(waiting_person(region, kwartiermaker, email="", phone="010 555 12 34"), kwartiermaker)
    at = somebody.kept_until - timedelta(days=10)
    again = record(somebody, kwartiermaker, told_on=at.date(), at=at)
    assert (again.consents.count(), again.consented_at) == (2, at)


def test_a_link_to_prolong_is_not_one_to_agree(region, kwartiermaker) -> None:
    somebody = reminded_person(region, kwartiermaker, now=AT)
    assert find_link(secret_for(somebody, LinkUse.PROLONG), LinkUse.ANSWER) is None


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_agree_once(region, kwartiermaker) -> None:
    somebody = waiting_person(region, kwartiermaker)
    link, shown = link_to(somebody), shown_of(somebody, at=AT)

    def click() -> None:
        agree_by_link(link_id=link.pk, shown=shown, at=AT)

    results = race(click, click)
    assert sorted(type(each).__name__ for each in results) == ["AlreadyAnswered", "NoneType"]
    assert somebody.consents.count() == 1
