"""What the check of invariants finds of people (rule 23)."""

from datetime import timedelta
from typing import Any

import pytest

from hubportal.audit.domain.events import record
from hubportal.mail.models import OutgoingMail
from mapping.models import ParticipationQuestion
from people import invariants
from people.events import ERASED
from people.invariants import violations
from people.models import MappedPerson, PersonConsent, PersonEngagement, PersonLink, PersonTalk
from regions.models import Region
from tests.breaking import Breaks, sentences_in
from tests.factories.moments import AT
from tests.factories.people import agreed_person, reminded_person, waiting_person
from tests.factories.regions import RegionFactory

pytestmark = pytest.mark.django_db

breaks = Breaks()


@breaks(23, "is kept by no recorded consent with this end")
def kept_longer_than_agreed(agreed: MappedPerson, _waiting: MappedPerson) -> Any:
    agreed.kept_until += timedelta(days=1)
    agreed.save()
    return agreed


@breaks(23, "is kept by no recorded consent with this end")
def consent_gone(agreed: MappedPerson, _waiting: MappedPerson) -> Any:
    agreed.consents.all().delete()
    return agreed


@breaks(23, "agreed but counts as being asked")
def agreed_unnoticed(agreed: MappedPerson, _waiting: MappedPerson) -> Any:
    agreed.consented_at = None
    agreed.save()
    return agreed


@breaks(23, "is a talk with somebody who did not agree")
def talk_too_early(_agreed: MappedPerson, waiting: MappedPerson) -> Any:
    return PersonTalk.objects.create(
        person=waiting, held_on=AT.date(), text="Iets.", changed_by=waiting.added_by, changed_at=AT
    )


def part_in(region: Region, person: MappedPerson) -> PersonEngagement:
    question = ParticipationQuestion.objects.create(region=region, title="Vraag", created_at=AT)
    return PersonEngagement.objects.create(question=question, person=person, form="inform")


@breaks(23, "takes part in a question without having agreed to be kept")
def part_too_early(_agreed: MappedPerson, waiting: MappedPerson) -> Any:
    return part_in(waiting.region, waiting)


@breaks(22, "takes part in a question of another region")
def part_elsewhere(agreed: MappedPerson, _waiting: MappedPerson) -> Any:
    return part_in(RegionFactory.create(), agreed)


@breaks(23, "was recorded by a kwartiermaker of somebody who was asked by e-mail")
def recorded_by_another(agreed: MappedPerson, _waiting: MappedPerson) -> Any:
    [consent] = agreed.consents.all()
    PersonConsent.objects.update(way="phone", account="Zei ja.", recorded_by=agreed.added_by)
    return consent


@breaks(23, "counts as erased and is still there")
def erased_and_there(agreed: MappedPerson, _waiting: MappedPerson) -> Any:
    record(ERASED, subject=agreed, actor=None, at=AT, facts={"reason": "ended"})
    return agreed


@breaks(23, "is a mail to somebody who was erased")
def mail_left_behind(_agreed: MappedPerson, waiting: MappedPerson) -> Any:
    mail = OutgoingMail.objects.get(about=waiting.mails_about)
    PersonLink.objects.filter(person=waiting).delete()
    waiting.delete()
    return mail


@pytest.mark.parametrize(("rule", "sentence", "act"), breaks)
def test_each_break_is_found(region, kwartiermaker, rule: int, sentence: str, act: Any) -> None:
    agreed = agreed_person(region, kwartiermaker)
    broken = act(agreed, waiting_person(region, kwartiermaker))
    found = [(each.rule, each.sentence, each.row) for each in violations()]
    assert (rule, sentence, broken.pk) in found


def test_each_sentence_has_its_break() -> None:
    assert breaks.sentences == sentences_in(invariants)


def test_nothing_is_found_where_acts_did_everything(region, kwartiermaker) -> None:
    waiting_person(region, kwartiermaker)
    agreed_person(region, kwartiermaker)
    reminded_person(region, kwartiermaker, now=AT)
    assert list(violations()) == []
