"""Questions by form of participation: organisations are counted, people are not."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.models import User
from mapping.domain.questions import QuestionFacts, save_question
from mapping.models import Engagement, ParticipationQuestion
from organisations.models import Organisation
from pictures.views import questions
from regions.models import Region
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.regions import RegionFactory
from tests.mapping.grids import mapped
from tests.pictures.pictured import (
    QUESTIONS,
    drawn_cells,
    embed_of,
    mapper_of,
    page_of,
    table_cells,
    table_rows,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    return region


@pytest.fixture
def mapper(client: Client, region: Region) -> User:
    user = mapper_of(region)
    log_in(client, user)
    return user


def asked_in(
    region: Region, actor: User, title: str, forms: dict[Organisation, list[str]], **facts: object
) -> ParticipationQuestion:
    return save_question(
        region=region,
        title=title,
        description="",
        municipality=None,
        forms=forms,
        more=QuestionFacts(**facts),
        actor=actor,
        at=AT,
    )


def test_drawing_and_table_say_the_same(client: Client, region: Region, mapper: User) -> None:
    one, two = mapped("Een", region, mapper), mapped("Twee", region, mapper)
    asked_in(region, mapper, "Aan tafel", {one: ["inform", "advise"], two: ["inform"]})
    asked_in(region, mapper, "Blijven wonen", {})
    page = page_of(client, region, QUESTIONS)
    assert drawn_cells(page) == table_cells(page)
    assert table_rows(page) == [
        [
            "Vraagstuk",
            "Informeren",
            "Raadplegen",
            "Adviseren",
            "Coproduceren",
            "Meebeslissen",
            "Alle organisaties",
        ],
        ["Aan tafel", "2", "0", "1", "0", "0", "2"],
        ["Blijven wonen", "0", "0", "0", "0", "0", "0"],
    ]
    assert "Aan 1 van de 2 vraagstukken doet geen organisatie mee." in {each.words for each in page.all("p")}


def test_what_ended_counts_where_one_asks_for_it(client: Client, region: Region, mapper: User) -> None:
    one = mapped("Een", region, mapper)
    asked_in(region, mapper, "Aan tafel", {one: ["inform"]}, theme="youth")
    Engagement.objects.update(until_on=(AT - timedelta(days=400)).date())
    page = page_of(client, region, QUESTIONS)
    assert table_rows(page)[1][1] == "0"
    assert [each.words for each in page.all("option") if "mee" in each.words] == [
        "telt niet mee",
        "telt ook mee",
    ]
    assert table_rows(page_of(client, region, QUESTIONS, {"voorbij": "ook"}))[1][1] == "1"
    assert table_rows(page_of(client, region, QUESTIONS, {"thema": "older"})) == []


def test_what_went_off_the_map_is_not_counted(client: Client, region: Region, mapper: User) -> None:
    one = mapped("Een", region, mapper)
    asked_in(region, mapper, "Aan tafel", {one: ["inform"]})
    one.map_entries.update_or_create(region=region, defaults={"removed_at": AT})
    assert table_rows(page_of(client, region, QUESTIONS))[1][1] == "0"


def test_more_questions_than_a_picture_holds_are_said_to_be_left_out(
    client: Client, region: Region, mapper: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "MOST_QUESTIONS", 1)
    for title in ("Aan tafel", "Blijven wonen", "Cijfers"):
        asked_in(region, mapper, title, {})
    page = page_of(client, region, QUESTIONS)
    assert [row[0] for row in table_rows(page)[1:]] == ["Aan tafel"]
    said = "Er zijn nog 2 vraagstukken die hier niet staan. Kies een thema of plan om er minder tegelijk te zien."
    assert said in {each.words for each in page.all("p")}
    for title in ("Duur", "Eenzaam"):
        asked_in(region, mapper, title, {}, is_public=True, how_to_join="Kom.")
    # Visitors cannot choose.
    words = {each.words for each in embed_of(client, region, QUESTIONS).all("p")}
    assert [each for each in words if "niet staat" in each] == ["Er is nog 1 vraagstuk dat hier niet staat."]


@pytest.mark.parametrize("count", [1, 3])
def test_questions_take_the_same_queries_however_many_rows(
    client: Client,
    region: Region,
    mapper: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    for number in range(count):
        asked_in(region, mapper, f"Vraag {number}", {mapped(f"Kring {number}", region, mapper): ["inform"]})
    with django_assert_num_queries(6):
        page_of(client, region, QUESTIONS)


def test_question_leads_to_its_page(client: Client, region: Region, mapper: User) -> None:
    question = asked_in(region, mapper, "Aan tafel", {})
    page = page_of(client, region, QUESTIONS)
    address = reverse("mapping:question", args=[region.slug, question.pk])
    assert [each.words for each in page.all("a", href=address)] == ["Aan tafel"]
