"""The kwartiermaker's pages: the assigned regions alone, and all that is kept of them."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from mapping.domain.questions import save_question
from mapping.models import ParticipationQuestion
from organisations.models import Organisation
from organisations.queries import organisations_in, representations_of
from regions.models import Region
from tests.factories.accounts import log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, organisation_in, speaker_for
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.pages import page_text
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    MunicipalityFactory.create(region=region, name="Middelstad", code="GM9901")
    return region


@pytest.fixture
def kwartiermaker(client: Client, region: Region) -> User:
    user = person(Role.KWARTIERMAKER)
    KwartiermakerAssignmentFactory.create(user=user, region=region)
    log_in(client, user)
    return user


def address(name: str, region: Region, *args: Any) -> str:
    return reverse(f"mapping:{name}", args=[region.slug, *args])


def organisation_typed(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Bewoners Middelstad",
        "legal_form": "initiative",
        "kvk_number": "",
        "municipality": "GM9901",
        "streams": ["residents"],
        "website": "",
        "description": "",
        "seen_version": "1",
        **changes,
    }


def question_typed(*rows: tuple[str, str], **changes: Any) -> dict[str, Any]:
    values = {
        "seen_version": "1",
        "title": "Hoe bereiken we jongeren?",
        "description": "",
        "municipality": "",
        "state": "open",
        "betrokken-TOTAL_FORMS": len(rows),
        "betrokken-INITIAL_FORMS": 0,
        **changes,
    }
    for number, (organisation, form) in enumerate(rows):
        values[f"betrokken-{number}-organisation"] = organisation
        values[f"betrokken-{number}-form"] = form
    return values


def all_addresses(region: Region) -> dict[str, str]:
    organisation = organisation_in(region)
    question = ParticipationQuestion.objects.create(region=region, title="Vraag", created_at=AT)
    return {
        "workspace": address("workspace", region),
        "add_organisation": address("add_organisation", region),
        "organisation": address("organisation", region, organisation.map_key),
        "publish": address("publish", region, organisation.map_key),
        "withdraw": address("withdraw", region, organisation.map_key),
        "questions": address("questions", region),
        "add_question": address("add_question", region),
        "question": address("question", region, question.pk),
    }


def test_region_of_somebody_else_is_404_wherever_one_knocks(client: Client, kwartiermaker: User) -> None:
    for name, place in all_addresses(RegionFactory.create()).items():
        if name not in {"publish", "withdraw"}:
            assert client.get(place).status_code == 404, name
        if name not in {"workspace", "questions"}:
            assert client.post(place, organisation_typed()).status_code == 404, name
    assert not Organisation.objects.filter(published_at__isnull=False).exists()


def test_applicant_finds_no_region_at_all(client: Client, region: Region) -> None:
    log_in(client, speaker_for(organisation_in(region)))
    assert client.get(reverse("mapping:regions")).status_code == 404
    assert client.get(address("workspace", region)).status_code == 404


def test_organisation_of_another_region_is_404_in_mine(
    client: Client, region: Region, kwartiermaker: User
) -> None:
    elsewhere = OrganisationFactory.create()
    for name in ("organisation", "publish", "withdraw"):
        assert client.post(address(name, region, elsewhere.map_key), organisation_typed()).status_code == 404


def test_question_of_another_region_is_404_in_mine(
    client: Client, region: Region, kwartiermaker: User
) -> None:
    other = ParticipationQuestion.objects.create(region=RegionFactory.create(), title="Vraag", created_at=AT)
    assert client.post(address("question", region, other.pk), question_typed()).status_code == 404


def test_initiative_is_added_changed_published_and_withdrawn(
    client: Client, region: Region, kwartiermaker: User
) -> None:
    assert client.post(address("add_organisation", region), organisation_typed()).status_code == 302
    added = Organisation.objects.get()
    assert (added.name, added.published_at, list(added.works_in.all())) == (
        "Bewoners Middelstad",
        None,
        [region],
    )
    public_page, visitor = reverse("website:region", args=[region.slug]), Client()
    assert added.name not in page_text(visitor.get(public_page))

    assert client.post(address("publish", region, added.map_key)).status_code == 302
    assert added.name in page_text(visitor.get(public_page))

    changed = organisation_typed(name="Bewoners van Middelstad", seen_version="2")
    assert client.post(address("organisation", region, added.map_key), changed).status_code == 302
    assert "Bewoners van Middelstad" in page_text(visitor.get(public_page))

    assert client.post(address("withdraw", region, added.map_key)).status_code == 302
    assert "Bewoners van Middelstad" not in page_text(visitor.get(public_page))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"kind": "unheard-of"}, "kind"),
        ({"reaches": "Middelstad, Nergenshuizen"}, "reaches"),
        ({"next_on": "31-02-2024"}, "next_on"),
        ({"public_contact": "x" * 151}, "public_contact"),
        ({"legal_form": "club"}, "legal_form"),
        ({"kvk_number": "12AB5678"}, "kvk_number"),
        # Whoever says that it is none of those that are offered.
        ({"kvk_number": "12345678", "another": "1"}, "kvk_number"),
        ({"municipality": "GM9999"}, "municipality"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"description": "x" * 2001}, "description"),
        ({"name": "\u200b"}, "name"),
    ],
)
def test_bad_input_is_named_at_its_field_and_nothing_typed_is_lost(
    client: Client, region: Region, kwartiermaker: User, changes: dict[str, str], field: str
) -> None:
    OrganisationFactory.create(kvk_number="12345678", published_at=AT)
    response = client.post(address("add_organisation", region), organisation_typed(**changes))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["streams"].value() == ["residents"]
    assert Organisation.objects.count() == 1


def test_the_map_changes_number_and_form_and_nothing_of_who_speaks_for_the_organisation(
    client: Client, region: Region, kwartiermaker: User
) -> None:
    """Rules 26 and 27: neither page nor answer tells that somebody does."""
    known = organisation_in(region, kvk_number="11112222", name="Zoals gezegd")
    speaker = speaker_for(known)
    typed = organisation_typed(kvk_number="33334444", legal_form="initiative", name="Nieuwe naam")
    assert client.post(address("organisation", region, known.map_key), typed).status_code == 302
    shown = organisations_in(region).get()
    assert (shown.name, shown.kvk_number, shown.legal_form) == ("Nieuwe naam", "33334444", "initiative")
    mine = representations_of(speaker).get()
    assert (mine.stated_name, mine.organisation.kvk_number, mine.stated_legal_form) == (
        *("Zoals gezegd", "11112222"),
        "foundation",
    )


def test_publishing_takes_a_post(client: Client, region: Region, kwartiermaker: User) -> None:
    known = organisation_in(region)
    assert client.get(address("publish", region, known.map_key)).status_code == 405


def names(context: Any) -> list[str]:
    return [row.organisation.name for row in context["page"]]


def test_filter_lists_one_stream_and_its_white_spots(
    client: Client, region: Region, kwartiermaker: User
) -> None:
    other = MunicipalityFactory.create(region=region, name="Zuiderdorp")
    organisation_in(region, name="Voor patiënten", streams=["patients"])
    OrganisationFactory.create(name="Voor inwoners", municipality=other, streams=["residents"])
    page = client.get(address("workspace", region)).context
    assert (names(page), list(page["municipalities_without_organisations"])) == (
        ["Voor inwoners", "Voor patiënten"],
        [],
    )
    answer = client.get(address("workspace", region), {"stroom": "residents"})
    page = answer.context
    assert names(page) == ["Voor inwoners"]
    assert [each.name for each in page["municipalities_without_organisations"]] == ["Middelstad"]
    # The picture of white spots counts in another way.
    assert "Hier telt een gemeente alleen als een organisatie er gevestigd is" in page_text(answer)
    nothing = page_text(client.get(address("workspace", region), {"stroom": "councils"}))
    assert ("Geen organisatie gevonden." in nothing, "waarvan 0" in nothing) == (True, False)


def test_filter_that_is_no_choice_counts_as_none(client: Client, region: Region, kwartiermaker: User) -> None:
    organisation_in(region)
    response = client.get(address("workspace", region), {"stroom": "\x00", "gemeente": "x", "page": "-1"})
    assert (response.status_code, len(response.context["page"].object_list)) == (200, 1)


def test_question_is_written_and_rewritten_with_who_is_involved(
    client: Client, region: Region, kwartiermaker: User
) -> None:
    one, other = organisation_in(region), organisation_in(region)
    rows = [(str(one.map_key), "advise"), (str(other.map_key), "consult"), ("", "")]
    assert client.post(address("add_question", region), question_typed(*rows)).status_code == 302
    question = ParticipationQuestion.objects.get()
    assert set(question.engagements.values_list("organisation", "form")) == {
        (one.pk, "advise"),
        (other.pk, "consult"),
    }
    emptied = question_typed(("", ""), (str(other.map_key), "decide"), municipality="GM9901")
    assert client.post(address("question", region, question.pk), emptied).status_code == 302
    question.refresh_from_db()
    assert question.municipality is not None
    assert (question.municipality.code, list(question.engagements.values_list("organisation", "form"))) == (
        "GM9901",
        [(other.pk, "decide")],
    )
    text = page_text(client.get(address("questions", region)))
    assert text.index("Middelstad") < text.index(question.title) < text.index(other.name)


@pytest.mark.parametrize(
    "rows",
    [[("mine", "")], [("", "advise")], [("mine", "advise"), ("mine", "advise")], [("elsewhere", "advise")]],
)
def test_half_double_and_foreign_rows_are_refused(
    client: Client, region: Region, kwartiermaker: User, rows: list[tuple[str, str]]
) -> None:
    known = {"mine": organisation_in(region).map_key, "elsewhere": OrganisationFactory.create().map_key}
    typed = question_typed(*((str(known.get(name, "")), form) for name, form in rows))
    response = client.post(address("add_question", region), typed)
    assert (response.status_code, ParticipationQuestion.objects.count()) == (422, 0)
    assert response.context["form"]["title"].value() == "Hoe bereiken we jongeren?"


def test_question_without_its_hidden_counts_is_refused_kindly(
    client: Client, region: Region, kwartiermaker: User
) -> None:
    assert client.post(address("add_question", region), {"title": "Vraag"}).status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_regions_take_the_same_queries_however_many(
    client: Client, kwartiermaker: User, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _each in range(count - 1):
        KwartiermakerAssignmentFactory.create(user=kwartiermaker)
    with django_assert_num_queries(4):
        client.get(reverse("mapping:regions"))


@pytest.mark.parametrize("count", [1, 3])
def test_questions_take_the_same_queries_however_many(
    client: Client,
    region: Region,
    kwartiermaker: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    for each in range(count):
        save_question(
            region=region,
            title=f"Vraag {each}",
            description="",
            municipality=None,
            forms={organisation_in(region): ["advise"], organisation_in(region): ["inform"]},
            actor=kwartiermaker,
            at=AT,
        )
    with django_assert_num_queries(7):
        client.get(address("questions", region))


@pytest.mark.parametrize("count", [1, 3])
def test_form_of_a_question_takes_the_same_queries_however_many_organisations(
    client: Client,
    region: Region,
    kwartiermaker: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    for _each in range(count):
        organisation_in(region)
    with django_assert_num_queries(6):
        client.get(address("add_question", region))


def test_publishing_beside_the_form_publishes_what_stands_in_it(
    client: Client, region: Region, kwartiermaker: User
) -> None:
    known = organisation_in(region, name="Oude naam")
    page = address("organisation", region, known.map_key)
    typed = organisation_typed(
        name="Nieuwe naam", legal_form=known.legal_form, kvk_number=known.kvk_number, description="Nieuw."
    )
    refused = client.post(page, {**typed, "name": "", "public": "yes"})
    assert (refused.status_code, "Nieuw." in refused.content.decode()) == (422, True)
    known.refresh_from_db()
    assert (known.name, known.published_at) == ("Oude naam", None)

    told = page_text(client.post(page, {**typed, "public": "yes"}, follow=True))
    assert "Nieuwe naam is nu openbaar zoals u het hebt geschreven" in told
    known.refresh_from_db()
    assert (known.name, known.description, known.published_by) == ("Nieuwe naam", "Nieuw.", kwartiermaker)

    told = page_text(
        client.post(
            page, {**typed, "description": "Nog nieuwer.", "public": "no", "seen_version": "3"}, follow=True
        )
    )
    assert "Nieuwe naam is niet meer openbaar" in told
    known.refresh_from_db()
    assert (known.description, known.published_at) == ("Nog nieuwer.", None)
    # Enter saves, and changes nothing about who may see it (rule 30).
    shown = client.get(page).content.decode()
    assert shown.index("Opslaan") < shown.index('name="public"')
    assert reverse("mapping:publish", args=[region.slug, known.map_key]) not in shown


class TestNewerQuestion:
    """Rule 12, for a question and who is involved in it."""

    @pytest.fixture
    def question(self, region: Region, kwartiermaker: User) -> ParticipationQuestion:
        known = {name: organisation_in(region, name=f"Kring {name} (fictief)") for name in ("A", "B")}
        return save_question(
            region=region,
            title="Hoe bereiken we jongeren?",
            description="",
            municipality=None,
            forms={known["A"]: ["advise"]},
            actor=kwartiermaker,
            at=AT,
        )

    def test_nobody_overwrites_what_they_have_not_seen(
        self, client: Client, region: Region, question: ParticipationQuestion
    ) -> None:
        page = address("question", region, question.pk)
        one, other = organisations_in(region)
        assert 'name="seen_version" value="1"' in client.get(page).content.decode()
        typed = question_typed((str(one.map_key), "advise"), title="Van de een")
        assert client.post(page, typed).status_code == 302
        mine = question_typed((str(other.map_key), "decide"), title="Van de ander")
        newer = client.post(page, mine)
        assert newer.status_code == 409
        assert newer.content.decode().count('name="over_version"') == 1
        shown = page_text(newer)
        assert all(
            each in shown
            for each in (
                "Van de [weggehaald: een ]",
                "Van de [toegevoegd: ander ]",
                one.name,
                "adviseren",
                other.name,
                "meebeslissen",
            )
        )
        # What was typed stands in the form.
        assert newer.context["form"]["title"].value() == "Van de ander"
        assert newer.context["rows"][0]["organisation"].value() == str(other.map_key)
        question.refresh_from_db()
        assert (question.title, question.version, question.engagements.get().organisation) == (
            "Van de een",
            2,
            one,
        )
        assert client.post(page, {**mine, "over_version": "2"}).status_code == 302
        question.refresh_from_db()
        assert (question.title, question.engagements.get().organisation) == ("Van de ander", other)

    def test_saving_the_same_twice_saves_once(
        self, client: Client, region: Region, question: ParticipationQuestion
    ) -> None:
        page = address("question", region, question.pk)
        typed = question_typed((str(organisations_in(region)[1].map_key), "inform"))
        assert [client.post(page, typed).status_code for _click in range(2)] == [302, 302]
        question.refresh_from_db()
        assert question.version == 2

    def test_adding_twice_adds_once(self, client: Client, region: Region, kwartiermaker: User) -> None:
        key = str(client.get(address("add_question", region)).context["key"])
        for _click in range(2):
            assert client.post(address("add_question", region), question_typed(key=key)).status_code == 302
        assert ParticipationQuestion.objects.count() == 1

    def test_the_database_takes_a_key_once(self, region: Region) -> None:
        kept = {"region": region, "title": "Vraag", "created_at": AT, "added_with": uuid4()}
        ParticipationQuestion.objects.create(**kept)
        with refused_by("question_added_once"):
            ParticipationQuestion.objects.create(**kept)
