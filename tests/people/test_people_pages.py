"""The kwartiermaker's pages of people: this region's alone, and all that is typed stays (rules 12, 22, 23, 32)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from mapping.domain.removing import remove_from_map
from organisations.models import Organisation
from people.domain.consenting import record_consent
from people.domain.keeping import PersonFacts, Reach, change_person
from people.domain.talks import TalkFacts, add_talk
from people.enums import ConsentWay, LinkUse
from people.models import ErasureReceipt, MappedPerson
from regions.models import Region
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in
from tests.factories.people import agreed_person, kwartiermaker_in, secret_for, waiting_person
from tests.pages import page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


@pytest.fixture(autouse=True)
def _logged_in(client: Client, kwartiermaker: User) -> None:
    log_in(client, kwartiermaker)


def address(name: str, region: Region, *args: Any) -> str:
    return reverse(f"people:{name}", args=[region.slug, *args])


def facts_of(somebody: MappedPerson, actor: User, **facts: Any) -> MappedPerson:
    return change_person(
        person_id=somebody.pk,
        reach=Reach(somebody.name, somebody.email, somebody.phone),
        facts=PersonFacts(**facts),
        seen_version=somebody.version,
        actor=actor,
        at=AT,
    )


def talk_with(somebody: MappedPerson, actor: User, text: str = "Wil meepraten.") -> Any:
    day = AT.date()
    return add_talk(person_id=somebody.pk, facts=TalkFacts(day, text, day), actor=actor, at=AT)


def test_the_list_says_who_they_are_for_whom_they_speak_and_how_they_are_kept(
    client, region, kwartiermaker
) -> None:
    facts_of(
        agreed_person(region, kwartiermaker, name="Arend"),
        kwartiermaker,
        group="jongeren",
        subjects="vervoer",
    )
    waiting_person(region, kwartiermaker, name="Bregje")
    text = page_text(client.get(address("people", region)))
    assert "Arend jongeren vervoer toestemming tot en met 1 mei 2026" in text
    assert "Bregje nog niet bekend nog geen toestemming, tot en met 29 mei 2024" in text


def test_searching_finds_by_name_knowledge_subject_and_group(client, region, kwartiermaker) -> None:
    facts_of(
        agreed_person(region, kwartiermaker, name="Arend"),
        kwartiermaker,
        knowledge="Mantelzorg",
        subjects="wonen",
        group="buren",
    )
    waiting_person(region, kwartiermaker, name="Bregje")
    for typed in ("aren", "mantel", "wone", "bure"):
        text = page_text(client.get(address("people", region), {"zoek": typed}))
        assert ("Arend" in text, "Bregje" in text) == (True, False)
    assert "Niemand gevonden" in page_text(client.get(address("people", region), {"zoek": "xyz"}))


def fill(region: Region, actor: User, *, people: int) -> None:
    for number in range(people):
        somebody = agreed_person(region, actor, name=f"Mens {number}")
        facts_of(somebody, actor, subjects="wonen")
        talk_with(somebody, actor)


@pytest.mark.parametrize("people", [1, 3])
def test_list_asks_the_same_queries_for_one_person_and_for_three(
    client, region, kwartiermaker, django_assert_num_queries: DjangoAssertNumQueries, people: int
) -> None:
    fill(region, kwartiermaker, people=people)
    with django_assert_num_queries(6):
        client.get(address("people", region))


@pytest.mark.parametrize("talks", [1, 3])
def test_person_asks_the_same_queries_for_one_talk_and_for_three(
    client, region, kwartiermaker, django_assert_num_queries: DjangoAssertNumQueries, talks: int
) -> None:
    somebody = agreed_person(region, kwartiermaker)
    for number in range(talks):
        talk_with(somebody, kwartiermaker, f"Gesprek {number}")
    with django_assert_num_queries(11):
        client.get(address("person", region, somebody.pk))


@pytest.mark.parametrize("people", [1, 3])
def test_first_page_asks_the_same_queries_for_one_talk_and_for_three(
    client, region, kwartiermaker, django_assert_num_queries: DjangoAssertNumQueries, people: int
) -> None:
    fill(region, kwartiermaker, people=people)
    for number in range(people):
        waiting_person(region, kwartiermaker, name=f"Bel {number}", email="", phone="010 555 12 34")
    with django_assert_num_queries(22):
        client.get(reverse("website:start"))


def test_somebody_is_written_down_and_asked_and_a_second_click_does_nothing(client, region) -> None:
    typed = {"name": "Bregje", "email": "bregje@burger.example", "phone": "", "key": str(uuid4())}
    for _click in range(2):
        response = client.post(address("add_person", region), typed)
    somebody = MappedPerson.objects.get()
    assert response["Location"] == address("person", region, somebody.pk)
    assert OutgoingMail.objects.get().recipient == "bregje@burger.example"


def test_what_is_refused_stays_as_it_was_typed(client, region) -> None:
    response = client.post(address("add_person", region), {"name": "Bregje", "email": "", "phone": ""})
    assert response.status_code == 422
    text = page_text(response)
    assert "Vul een e-mailadres of een telefoonnummer in" in text
    assert 'value="Bregje"' in response.content.decode()


def test_until_they_agreed_the_form_asks_no_more_than_how_to_reach_them(
    client, region, kwartiermaker
) -> None:
    waiting, agreed = waiting_person(region, kwartiermaker), agreed_person(region, kwartiermaker)
    pages = [
        client.get(address("change_person", region, each.pk)).content.decode() for each in (waiting, agreed)
    ]
    assert ['name="knowledge"' in each for each in pages] == [False, True]
    assert ["data-autosave" in each for each in pages] == [False, True]
    response = client.get(address("add_talk", region, waiting.pk))
    assert response["Location"] == address("person", region, waiting.pk)


def typed_of(somebody: MappedPerson, **changes: str) -> dict[str, str]:
    return {
        "name": somebody.name,
        "email": somebody.email,
        "phone": "",
        "knowledge": "",
        "subjects": "",
        "group": "",
        "organisation": "",
        "seen_version": str(somebody.version),
        **changes,
    }


def test_health_is_warned_of_at_the_field_and_by_autosave_and_saved_all_the_same(
    client, region, kwartiermaker
) -> None:
    somebody = agreed_person(region, kwartiermaker)
    where = address("change_person", region, somebody.pk)
    assert "Schrijf niets over gezondheid" in page_text(client.get(where))
    answer = client.post(
        where, typed_of(somebody, knowledge="Heeft reuma."), headers={"accept": "application/json"}
    )
    assert "iemands gezondheid" in answer.json()["message"]
    assert "reuma." in page_text(client.get(where))
    somebody.refresh_from_db()
    assert somebody.knowledge == "Heeft reuma."


def test_an_address_changes_by_the_button_alone_and_never_while_it_is_typed(
    client, region, kwartiermaker
) -> None:
    somebody = agreed_person(region, kwartiermaker)
    OutgoingMail.objects.all().delete()
    where = address("change_person", region, somebody.pk)
    typed = typed_of(somebody, email="ada@burger.ex", knowledge="Weet veel.")
    answer = client.post(where, typed, headers={"accept": "application/json"}).json()
    somebody.refresh_from_db()
    assert (somebody.email, somebody.knowledge, answer["version"]) == ("ada@burger.example", "Weet veel.", 2)
    assert "Het e-mailadres verandert pas als u op Opslaan klikt." in answer["message"]
    assert not OutgoingMail.objects.exists()
    client.post(where, {**typed, "seen_version": "2", "email": "ander@burger.example"})
    somebody.refresh_from_db()
    assert somebody.email == "ander@burger.example"


def test_for_whom_somebody_speaks_is_kept_though_it_went_off_the_map_and_is_not_named_then(
    client, region, kwartiermaker
) -> None:
    """Its name may be known from what kwartiermakers do not see (rule 26)."""
    organisation = organisation_in(region)
    somebody = facts_of(agreed_person(region, kwartiermaker), kwartiermaker, organisation=organisation)
    where = address("change_person", region, somebody.pk)
    pages = [where, address("person", region, somebody.pk), address("people", region)]
    assert [organisation.name in page_text(client.get(each)) for each in pages] == [True] * 3
    Organisation.objects.filter(pk=organisation.pk).update(mapped_at=None)
    texts = [page_text(client.get(each)) for each in pages]
    assert [organisation.name in each for each in texts] == [False] * 3
    assert ["rganisatie die niet op deze kaart staat" in each for each in texts] == [True] * 3
    search = client.get(address("people", region), {"zoek": organisation.name})
    assert "Niemand gevonden" in page_text(search)
    chosen = str(client.get(where).context["form"]["organisation"].value())
    client.post(where, typed_of(somebody, subjects="wonen", organisation=chosen))
    somebody.refresh_from_db()
    assert (somebody.organisation, somebody.subjects) == (organisation, "wonen")
    own = reverse("people:kept", args=[secret_for(somebody, LinkUse.LASTING)])
    assert organisation.name in page_text(client.get(own))


def test_an_organisation_in_the_bin_or_public_is_still_named(client, region, kwartiermaker) -> None:
    organisation = organisation_in(region)
    somebody = facts_of(agreed_person(region, kwartiermaker), kwartiermaker, organisation=organisation)
    remove_from_map(organisation_id=organisation.pk, region=region, actor=kwartiermaker, at=AT)
    where = address("change_person", region, somebody.pk)
    assert f"selected>{organisation.name}" in client.get(where).content.decode()


def test_a_script_is_told_that_somebody_was_erased_so_that_the_browser_forgets_them(
    client, region, kwartiermaker, monkeypatch
) -> None:
    somebody = agreed_person(region, kwartiermaker)
    where, typed = address("change_person", region, somebody.pk), typed_of(somebody, knowledge="Weet veel.")
    script = {"accept": "application/json"}

    def erased_meanwhile(**values: Any) -> MappedPerson:
        MappedPerson.objects.all().delete()
        return change_person(**values)

    monkeypatch.setattr("people.views.people.change_person", erased_meanwhile)
    answers = [client.post(where, typed, headers=script).status_code for _turn in range(2)]
    assert answers == [410, 404]


def test_a_newer_version_is_put_beside_what_was_typed(client, region, kwartiermaker) -> None:
    somebody = agreed_person(region, kwartiermaker)
    facts_of(somebody, kwartiermaker_in(region), knowledge="Van de collega.")
    where = address("change_person", region, somebody.pk)
    response = client.post(where, typed_of(somebody, knowledge="Van mij."))
    [difference] = response.context["newer"].differences
    assert (response.status_code, difference.kept, difference.typed) == (409, "Van de collega.", "Van mij.")
    saved = client.post(where, typed_of(somebody, knowledge="Van mij.", over_version="2"))
    assert saved.status_code == 302
    somebody.refresh_from_db()
    assert somebody.knowledge == "Van mij."


def test_asking_once_more_too_often_is_refused_in_words(client, region, kwartiermaker) -> None:
    somebody = agreed_person(region, kwartiermaker)
    response = client.post(address("ask", region, somebody.pk))
    assert (response.status_code, "nu niet per e-mail" in page_text(response)) == (409, True)


def test_a_mail_that_came_back_is_said_to_the_kwartiermaker(client, region, kwartiermaker) -> None:
    somebody = waiting_person(region, kwartiermaker)
    where = address("person", region, somebody.pk)
    assert "niet aangekomen" not in page_text(client.get(where))
    OutgoingMail.objects.update(status="bounced", bounced_at=AT, claimed_at=AT, sent_at=AT, attempts=1)
    assert "Onze e-mail is niet aangekomen" in page_text(client.get(where))


def test_a_consent_is_recorded_with_the_text_that_is_read_out(client, region, kwartiermaker) -> None:
    somebody = waiting_person(region, kwartiermaker, email="", phone="010 555 12 34")
    where = address("record_consent", region, somebody.pk)
    text = page_text(client.get(where))
    assert "tot en met 1 mei 2026" in text
    assert "nergens anders voor" in text
    typed = {"way": "phone", "told_on": "2024-05-01", "account": "Voorgelezen."}
    refused = client.post(where, typed)
    assert (refused.status_code, "Voorgelezen." in refused.content.decode()) == (422, True)
    assert client.post(where, {**typed, "is_told": "on"}).status_code == 302
    text = page_text(client.get(address("person", region, somebody.pk)))
    assert f"Vastgelegd door {kwartiermaker.full_name} op 1 mei 2024: Voorgelezen." in text


def test_a_talk_is_written_changed_come_back_to_and_removed(client, region, kwartiermaker) -> None:
    somebody = agreed_person(region, kwartiermaker)
    typed = {"held_on": "2024-05-01", "text": "Wil meepraten.", "follow_up_on": "2024-05-01"}
    client.post(address("add_talk", region, somebody.pk), {**typed, "key": str(uuid4())})
    talk = somebody.talks.get()
    start = page_text(client.get(reverse("website:start")))
    assert f"Kom terug op het gesprek met {somebody.name}" in start
    where = address("talk", region, somebody.pk, talk.pk)
    client.post(where, {**typed, "text": "Wil meedenken.", "seen_version": "1"})
    beside = client.post(where, {**typed, "text": "Wil meetekenen.", "seen_version": "1"})
    [difference] = beside.context["newer"].differences
    assert (beside.status_code, difference.kept, difference.typed) == (
        409,
        "Wil meedenken.",
        "Wil meetekenen.",
    )
    client.post(address("follow_up", region, somebody.pk, talk.pk))
    assert "Kom terug op" not in page_text(client.get(reverse("website:start")))
    remove = address("remove_talk", region, somebody.pk, talk.pk)
    assert "Wil meedenken." in page_text(client.get(remove))
    assert somebody.talks.exists()
    client.post(remove)
    assert not somebody.talks.exists()


def test_a_talk_that_is_refused_stays_as_it_was_typed(client, region, kwartiermaker) -> None:
    somebody = agreed_person(region, kwartiermaker)
    typed = {"held_on": "2024-05-02", "text": "Morgen.", "follow_up_on": ""}
    response = client.post(address("add_talk", region, somebody.pk), typed)
    assert (response.status_code, "Morgen." in response.content.decode()) == (422, True)


@pytest.mark.parametrize("name", ["follow_up", "remove_talk"])
def test_a_talk_is_let_be_in_words_once_the_time_to_keep_somebody_is_over(
    client, region, kwartiermaker, name: str
) -> None:
    somebody = agreed_person(region, kwartiermaker)
    talk = talk_with(somebody, kwartiermaker)
    MappedPerson.objects.update(consented_at=AT - timedelta(2), added_at=AT - timedelta(2), kept_until=AT)
    response = client.post(address(name, region, somebody.pk, talk.pk), follow=True)
    assert "De tijd dat u deze persoon mag bewaren is voorbij." in page_text(response)
    talk.refresh_from_db()
    assert talk.followed_up_at is None


def test_erasing_shows_what_goes_and_then_gives_the_receipt(client, region, kwartiermaker) -> None:
    somebody = agreed_person(region, kwartiermaker)
    talk_with(somebody, kwartiermaker)
    where = address("erase", region, somebody.pk)
    text = page_text(client.get(where))
    assert (somebody.email in text, "En 1 gesprek." in text) == (True, True)
    assert client.post(where, {}).status_code == 422
    response = client.post(where, {"reason": "asked"})
    receipt = ErasureReceipt.objects.get()
    assert response["Location"] == reverse("people:receipt", args=[receipt.code])
    assert client.post(where, {"reason": "asked"}).status_code == 404


def test_last_days_of_a_consent_without_mail_are_shown(client, region, kwartiermaker) -> None:
    somebody = waiting_person(
        region, kwartiermaker, email="", phone="010 555 12 34", at=AT - timedelta(days=711)
    )
    record_consent(
        person_id=somebody.pk,
        way=ConsentWay.PAPER,
        told_on=(AT - timedelta(days=711)).date(),
        account="Getekend.",
        actor=kwartiermaker,
        at=AT - timedelta(days=711),
    )
    start = page_text(client.get(reverse("website:start")))
    assert f"Vraag {somebody.name} of u dit mag bewaren" in start
    assert "toestemming eindigt op 21 mei 2024" in page_text(client.get(address("people", region)))
    assert "Vraag deze persoon of u het langer mag bewaren." in page_text(
        client.get(address("person", region, somebody.pk))
    )
