"""What the database itself refuses of people (rule 23)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from mapping.models import ParticipationQuestion
from people.models import (
    ErasureReceipt,
    MappedPerson,
    PersonConsent,
    PersonEngagement,
    PersonLink,
    PersonTalk,
)
from retention.enums import DataKind
from retention.models import RetentionPeriod
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in
from tests.factories.people import agreed_person, waiting_person
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("mapped_person_can_be_reached", {"email": "", "phone": ""}),
        ("mapped_person_only_to_be_asked_before_consent", {"knowledge": "Iets."}),
        ("mapped_person_only_to_be_asked_before_consent", {"group": "jongeren"}),
        ("mapped_person_kept_for_a_while", {"kept_until": AT}),
        ("mapped_person_kept_for_a_while", {"consented_at": AT + timedelta(days=9000)}),
    ],
)
def test_the_database_refuses_somebody(region, kwartiermaker, name: str, values: dict[str, Any]) -> None:
    somebody = waiting_person(region, kwartiermaker)
    with refused_by(name):
        MappedPerson.objects.filter(pk=somebody.pk).update(**values)


def test_the_database_refuses_a_group_beside_an_organisation(region, kwartiermaker) -> None:
    somebody = agreed_person(region, kwartiermaker)
    with refused_by("mapped_person_speaks_for_one"):
        MappedPerson.objects.filter(pk=somebody.pk).update(
            group="jongeren", organisation=organisation_in(region)
        )


def test_the_database_refuses_the_same_key_twice(region, kwartiermaker) -> None:
    one, other = waiting_person(region, kwartiermaker), agreed_person(region, kwartiermaker)
    key = uuid4()
    MappedPerson.objects.filter(pk=one.pk).update(added_with=key)
    with refused_by("mapped_person_added_once"):
        MappedPerson.objects.filter(pk=other.pk).update(added_with=key)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("person_consent_in_a_known_way", {"way": "dream", "recorded_by": True, "account": "x"}),
        ("person_consent_by_link_or_recorded_by_somebody", {"recorded_by": True}),
        ("person_consent_by_link_or_recorded_by_somebody", {"way": "phone", "account": "x"}),
        ("person_consent_by_link_or_recorded_by_somebody", {"way": "phone", "recorded_by": True}),
        ("person_consent_ends_later", {"ends_at": AT}),
    ],
)
def test_the_database_refuses_a_consent(region, kwartiermaker, name: str, values: dict[str, Any]) -> None:
    [consent] = agreed_person(region, kwartiermaker).consents.all()
    with refused_by(name):
        PersonConsent.objects.filter(pk=consent.pk).update(
            **{key: kwartiermaker if value is True else value for key, value in values.items()}
        )


@pytest.mark.parametrize(
    ("name", "use", "values"),
    [
        ("person_link_of_a_known_use", "spy", {"expires_at": LATER}),
        ("person_link_lasts_or_works_once", "lasting", {"expires_at": LATER}),
        ("person_link_lasts_or_works_once", "answer", {}),
        ("person_link_one_live_per_question", "answer", {"expires_at": LATER}),
    ],
)
def test_the_database_refuses_a_link(
    region, kwartiermaker, name: str, use: str, values: dict[str, Any]
) -> None:
    somebody = waiting_person(region, kwartiermaker)
    with refused_by(name):
        PersonLink.objects.create(
            person=somebody, use=use, email=somebody.email, secret_digest="0" * 64, made_at=AT, **values
        )


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("person_talk_followed_up_later", {"follow_up_on": AT.date() - timedelta(days=1)}),
        ("person_talk_followed_up_where_planned", {"followed_up_at": AT}),
    ],
)
def test_the_database_refuses_a_talk(region, kwartiermaker, name: str, values: dict[str, Any]) -> None:
    somebody = agreed_person(region, kwartiermaker)
    with refused_by(name):
        talk_with(somebody, **values)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("person_engagement_of_a_known_form", {"form": "shout"}),
        ("person_engagement_ends_no_earlier", {"since_on": LATER.date(), "until_on": AT.date()}),
        ("person_engagement_once_per_form", {}),
    ],
)
def test_the_database_refuses_a_part_in_a_question(region, kwartiermaker, name: str, values: Any) -> None:
    somebody = agreed_person(region, kwartiermaker)
    question = ParticipationQuestion.objects.create(region=region, title="Vraag", created_at=AT)
    PersonEngagement.objects.create(person=somebody, question=question, form="inform")
    with refused_by(name):
        PersonEngagement.objects.create(person=somebody, question=question, **{"form": "inform", **values})


def test_the_database_refuses_the_same_talk_twice(region, kwartiermaker) -> None:
    somebody, key = agreed_person(region, kwartiermaker), uuid4()
    talk_with(somebody, added_with=key)
    with refused_by("person_talk_added_once"):
        talk_with(somebody, added_with=key)


def talk_with(somebody: MappedPerson, **values: Any) -> PersonTalk:
    return PersonTalk.objects.create(
        person=somebody,
        held_on=AT.date(),
        text="Iets.",
        changed_by=somebody.added_by,
        changed_at=AT,
        **values,
    )


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("erasure_receipt_of_a_known_reason", {"reason": "boredom"}),
        ("erasure_receipt_chosen_by_a_kwartiermaker", {"reason": "asked"}),
        ("erasure_receipt_chosen_by_a_kwartiermaker", {"reason": "withdrawn", "erased_by": True}),
    ],
)
def test_the_database_refuses_a_receipt(region, kwartiermaker, name: str, values: dict[str, Any]) -> None:
    with refused_by(name):
        ErasureReceipt.objects.create(
            code="a",
            region=region,
            erased_at=AT,
            **{key: kwartiermaker if value is True else value for key, value in values.items()},
        )


@pytest.mark.parametrize("kind", [DataKind.PEOPLE, DataKind.ASKED_PEOPLE])
def test_the_database_refuses_to_keep_people_for_good(region, kind: DataKind) -> None:
    with refused_by("retention_period_of_people_ends"):
        RetentionPeriod.objects.filter(kind=kind).update(length=None)
