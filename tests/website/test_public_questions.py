"""What visitors see of the questions of a region: those that are open and made public, and never who is involved (rule 26)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.enums import Role
from mapping.domain.publishing import publish_organisation
from mapping.domain.questions import QuestionFacts, save_question
from mapping.models import ParticipationQuestion
from regions.models import Region
from tests.factories.accounts import person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in
from tests.factories.regions import RegionFactory
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db

TITLE = "Hoe rijdt de bus naar het ziekenhuis?"
TODAY = AT.date()


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create()
    return region


def asked(region: Region, *, title: str = TITLE, involved: Any = (), **more: Any) -> ParticipationQuestion:
    user = person(Role.KWARTIERMAKER)
    KwartiermakerAssignmentFactory.create(user=user, region=region)
    for each in involved:
        publish_organisation(organisation_id=each.pk, actor=user, at=AT)
    return save_question(
        region=region,
        title=title,
        description="Geheime toelichting",
        municipality=None,
        forms=dict.fromkeys(involved, ("advise",)),
        more=QuestionFacts(**more),
        actor=user,
        at=AT,
    )


def shown(client: Client, region: Region) -> str:
    with at_moment(AT):
        content = page_text(client.get(reverse("website:region", args=[region.slug])))
    _before, found, after = content.partition("Over deze vraagstukken kunt u meepraten")
    return after.partition("Wie hier actief is")[0] if found else ""


def test_its_own_facts_are_shown_and_nothing_else_of_it(client: Client, region: Region) -> None:
    organisation = organisation_in(region)
    asked(
        region,
        involved=[organisation],
        theme="acute",
        plans=["roaz"],
        phase="plan",
        asked_by="Geheime vrager",
        target_groups="Geheime groep",
        less_heard=["old"],
        until_on=TODAY + timedelta(days=9),
        is_public=True,
        how_to_join="Kom op dinsdag.",
    )
    day = date_format(TODAY + timedelta(days=9), "j F Y")
    assert shown(client, region).split() == (
        f"{TITLE} In de hele regio · ziekenhuis en acute zorg · tot en met {day} Kom op dinsdag. "
        f"Meedoen aan dit vraagstuk : {TITLE}".split()
    )


@pytest.mark.parametrize(
    ("more", "is_shown"),
    [
        ({"is_public": True}, True),
        ({}, False),
        ({"is_public": True, "state": "on_hold"}, False),
        ({"is_public": True, "state": "closed"}, False),
        ({"is_public": True, "until_on": TODAY}, True),
        ({"is_public": True, "until_on": TODAY - timedelta(days=1)}, False),
    ],
)
def test_only_what_is_open_and_public_is_shown(
    client: Client, region: Region, more: dict[str, Any], *, is_shown: bool
) -> None:
    asked(region, **more)
    asked(RegionFactory.create(), title="Van een ander", is_public=True)
    assert (TITLE in shown(client, region), "Van een ander" in shown(client, region)) == (is_shown, False)


@pytest.mark.parametrize("number", [1, 3])
def test_questions_take_one_query_however_many(
    client: Client, region: Region, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for each in range(number):
        asked(region, title=f"Vraag {each}", is_public=True)
    with django_assert_num_queries(12):
        client.get(reverse("website:region", args=[region.slug]))
