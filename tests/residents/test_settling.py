"""What a kwartiermaker does with what residents wrote: taken over without who wrote it, and never public by itself (rules 22 and 23)."""

from datetime import timedelta

import pytest

from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.errors import NotAllowed, RuleViolation
from mapping.models import ParticipationQuestion
from mapping.queries import entry_of, kwartiermakers_of
from mapping.question_queries import public_questions_in
from organisations.models import Organisation
from organisations.queries import organisations_in, public_organisations_in
from regions.models import Region
from residents.domain.contacts import forget_contact, hide_contact, show_contact
from residents.domain.settling import settle_message, take_over_organisation, take_over_question
from residents.enums import MessageKind, Outcome
from residents.models import PublicContact
from residents.queries import contacts_shown, contacts_to_forget, messages_in
from residents.tasks import CONTACTS
from tests.factories.moments import AT
from tests.factories.people import kwartiermaker_in
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.factories.residents import confirmed_message, written_message
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    return region


@pytest.fixture
def mapper(region: Region) -> User:
    return kwartiermaker_in(region)


def test_a_question_is_taken_over_once_without_who_brought_it_up(region, mapper) -> None:
    place = MunicipalityFactory.create(region=region)
    message = confirmed_message(region, municipality=place)
    question = take_over_question(message_id=message.pk, actor=mapper, at=AT)
    assert (question.title, question.description, question.municipality, question.asked_by) == (
        message.title,
        message.text,
        place,
        "",
    )
    assert not public_questions_in(region, today=AT.date()).exists()
    with pytest.raises(RuleViolation, match="al afgehandeld"):
        take_over_question(message_id=message.pk, actor=mapper, at=AT)
    assert ParticipationQuestion.objects.count() == 1
    message.refresh_from_db()
    assert (message.outcome, message.settled_by) == (Outcome.TAKEN, mapper)


def test_an_organisation_becomes_a_row_that_is_not_public(region, mapper) -> None:
    message = confirmed_message(
        region, MessageKind.ORGANISATION, title="Buurtkring (fictief)", website="https://buurt.example"
    )
    row = take_over_organisation(message_id=message.pk, actor=mapper, at=AT)
    assert list(organisations_in(region)) == [row]
    assert (row.name, row.website, row.description) == (message.title, message.website, message.text)
    assert not public_organisations_in(region).exists()
    assert entry_of(row, region).pk
    with pytest.raises(RuleViolation, match="al afgehandeld"):
        take_over_organisation(message_id=message.pk, actor=mapper, at=AT)
    assert Organisation.objects.count() == 1
    assert list(every_violation()) == []


def test_a_message_is_taken_over_as_what_it_is(region, mapper) -> None:
    letter = confirmed_message(region, MessageKind.LETTER, title="")
    for act in (take_over_question, take_over_organisation):
        with pytest.raises(RuleViolation, match="Zo kunt u dit niet overnemen"):
            act(message_id=letter.pk, actor=mapper, at=AT)  # type: ignore[operator]


def test_nobody_else_deals_with_it_nor_with_what_is_not_confirmed(region, mapper) -> None:
    message, waiting = confirmed_message(region), written_message(region, text="Anders")
    elsewhere = kwartiermaker_in(RegionFactory.create())
    for actor, each in ((elsewhere, message), (mapper, waiting)):
        with pytest.raises(NotAllowed):
            take_over_question(message_id=each.pk, actor=actor, at=AT)
        with pytest.raises(NotAllowed):
            settle_message(message_id=each.pk, outcome=Outcome.ASIDE, actor=actor, at=AT)


def test_what_is_put_aside_twice_is_put_aside_once_and_comes_last(region, mapper) -> None:
    first, second = confirmed_message(region), confirmed_message(region, text="Anders")
    for _click in range(2):
        settle_message(message_id=second.pk, outcome=Outcome.ASIDE, actor=mapper, at=AT)
    assert list(messages_in(region, mapper)) == [first, second]
    with pytest.raises(RuleViolation):
        settle_message(message_id=second.pk, outcome=Outcome.ANSWERED, actor=mapper, at=AT)
    with pytest.raises(RuleViolation):
        take_over_question(message_id=second.pk, actor=mapper, at=AT)


def shown(region: Region, mapper: User, phone: str = "010 555 12 34") -> PublicContact:
    return show_contact(
        region=region, name="Kim Kwartier (fictief)", phone=phone, hours="dinsdag", actor=mapper, at=AT
    )


def test_a_kwartiermaker_is_shown_only_by_choice_and_while_mapping_the_region(region, mapper) -> None:
    assert not contacts_shown(region, kwartiermakers_of(region)).exists()
    assert shown(region, mapper) == shown(region, mapper) == shown(region, mapper, "010 555 00 00")
    assert [each.phone for each in contacts_shown(region, kwartiermakers_of(region))] == ["010 555 00 00"]
    mapper.kwartiermaker_assignments.all().delete()
    assert not contacts_shown(region, kwartiermakers_of(region)).exists()
    with pytest.raises(NotAllowed):
        shown(region, mapper)
    [left] = contacts_to_forget()
    assert [forget_contact(contact_id=left.pk, at=AT) for _turn in range(2)] == [True, False]


def test_a_kwartiermaker_hides_the_contact_at_any_moment(region, mapper) -> None:
    shown(region, mapper)
    assert not CONTACTS.due(AT).exists()
    assert [hide_contact(region=region, actor=mapper, at=AT) for _click in range(2)] == [True, False]


def test_one_contact_per_person_and_region(region, mapper) -> None:
    kept = shown(region, mapper)
    with refused_by("public_contact_once_per_region"):
        PublicContact.objects.create(
            region=region, user=mapper, name="Kim", phone="1", shown_at=kept.shown_at + timedelta(days=1)
        )
