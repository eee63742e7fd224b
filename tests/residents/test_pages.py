"""Pages of residents and their kwartiermaker: what is asked, said and kept (rules 22, 23, 32 and 33)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from hubportal.office.queries import mails_open_to
from hubportal.visitors import BY_CONNECTION
from mapping.domain.organisations import add_to_map
from mapping.domain.questions import QuestionFacts, save_question
from mapping.models import KwartiermakerAssignment, ParticipationQuestion
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from regions.models import Region
from residents.domain.contacts import show_contact
from residents.domain.writing import MOST_IN_A_DAY, MOST_TO_ONE_REGION
from residents.enums import MessageKind
from residents.models import PublicContact, ResidentMessage
from residents.queries import question_key
from residents.views.writing import MOST_BY_ONE_NETWORK, MOST_BY_ONE_NETWORK_TO_A_REGION
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.people import kwartiermaker_in
from tests.factories.regions import RegionFactory
from tests.factories.residents import confirmed_message, message_period, secret_in_mail, written_message
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db

TYPED = {
    "title": "Hoe komt er een huisarts terug?",
    "text": "Wij rijden nu een half uur.",
    "municipality": "",
    "name": "Ria Raadgever (fictief)",
    "email": "ria@burger.example",
    "agrees": "on",
}


@pytest.fixture(autouse=True)
def _present() -> Iterator[None]:
    cache.clear()
    with at_moment(AT):
        yield


@pytest.fixture
def region() -> Region:
    message_period()
    region: Region = RegionFactory.create(name="Het Midden")
    return region


@pytest.fixture
def mapper(region: Region) -> User:
    return kwartiermaker_in(region)


def a_question(region: Region, mapper: User, title: str, **more: Any) -> ParticipationQuestion:
    return save_question(
        region=region,
        title=title,
        description="",
        municipality=None,
        forms={},
        more=QuestionFacts(**more),
        actor=mapper,
        at=AT,
    )


def address(name: str, region: Region, *more: object) -> str:
    return reverse(f"residents:{name}", args=[region.slug, *more])


def test_a_resident_writes_confirms_sees_and_withdraws(client: Client, region, mapper) -> None:
    answer = client.post(address("question", region), TYPED)
    assert (answer.status_code, "ria@burger.example" in page_text(answer)) == (200, True)
    message = ResidentMessage.objects.get()
    confirm = reverse("residents:confirm", args=[secret_in_mail(message, "bevestigen")])
    assert TYPED["text"] in page_text(client.get(confirm))
    assert ResidentMessage.objects.get().confirmed_at is None
    assert "Dank u" in page_text(client.post(confirm))
    # A second click says the same; following the link once more shows nothing.
    assert "Dank u" in page_text(client.post(confirm))
    again = client.get(confirm)
    assert (again.status_code, TYPED["text"] in page_text(again)) == (410, False)
    kept = reverse("residents:kept", args=[secret_in_mail(message, "inzien")])
    assert (client.get(kept)["Cache-Control"], TYPED["text"] in page_text(client.get(kept))) == (
        "no-store, private",
        True,
    )
    backups = "In reservekopieën staat het nog tot die worden overschreven."
    assert backups in page_text(client.get(kept))
    assert (
        "We bewaren alleen dat er iets is gewist, waarom en wanneer. "
        f"{backups} Wat de kwartiermaker ervan overnam, blijft, zonder uw naam."
    ) in " ".join(page_text(client.post(kept)).split())
    assert client.get(kept).status_code == 404
    assert client.get(confirm).status_code == 404


def test_who_did_not_write_it_deletes_it_through_the_same_link(client: Client, region, mapper) -> None:
    client.post(address("question", region), TYPED)
    message = ResidentMessage.objects.get()
    confirm = reverse("residents:confirm", args=[secret_in_mail(message, "bevestigen")])
    assert "Nee, ik was het niet: verwijder het" in page_text(client.get(confirm))
    assert "Wat iemand onder uw adres schreef, is verwijderd" in page_text(
        client.post(confirm, {"not_me": "1"})
    )
    assert not ResidentMessage.objects.exists()
    assert client.post(confirm, {"not_me": "1"}).status_code == 200


@pytest.mark.parametrize(
    ("name", "lacking"),
    [
        ("take_part", {"name", "email", "agrees"}),
        ("question", {"title", "name", "email", "agrees"}),
        ("organisation", {"title", "name", "email", "agrees"}),
        ("letter", {"text", "name", "email", "agrees"}),
    ],
)
def test_nothing_typed_is_lost_where_something_lacks(client: Client, region, mapper, name, lacking) -> None:
    answer = client.post(address(name, region), {"phone": "010 555", "name": ""})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, lacking)
    full = client.post(address(name, region), {**TYPED, "email": "geen", "phone": "010 555"})
    assert (full.status_code, set(full.context["form"].errors)) == (422, {"email"})
    assert TYPED["name"] in full.content.decode()
    assert not ResidentMessage.objects.exists()


def test_adverts_in_a_name_or_a_question_are_refused(client: Client, region, mapper) -> None:
    typed = {**TYPED, "title": "Kijk op https://spam.example/", "name": "Koop spam.example"}
    answer = client.post(address("question", region), typed)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"title", "name"})


def test_words_about_health_are_said_before_it_is_confirmed(client: Client, region, mapper) -> None:
    message = written_message(region, text="Ik heb diabetes en wil meepraten.")
    page = client.get(reverse("residents:confirm", args=[secret_in_mail(message, "bevestigen")]))
    assert "diabetes" in page.context["health_words"]
    assert "Schrijf niets over de gezondheid" in page_text(client.get(address("take_part", region)))


@pytest.mark.parametrize(
    ("name", "kind", "may_become_public"),
    [
        ("take_part", MessageKind.TAKE_PART, False),
        ("question", MessageKind.QUESTION, True),
        ("organisation", MessageKind.ORGANISATION, True),
        ("letter", MessageKind.LETTER, False),
    ],
)
def test_page_and_receipt_say_whether_something_may_become_public(
    client: Client, region, mapper, name: str, kind: MessageKind, *, may_become_public: bool
) -> None:
    confirmed_message(region, kind)
    receipt = OutgoingMail.objects.get(kind="resident_received").body
    for said in (page_text(client.get(address(name, region))), receipt):
        assert ("later openbaar maken: zonder uw naam." in said) == may_become_public
        assert ("Het wordt niet openbaar." in said) != may_become_public
    assert "Wat de kwartiermaker ervan overnam, blijft, zonder uw naam." in receipt


def test_where_nobody_maps_the_region_the_page_says_whom_to_write(client: Client, region) -> None:
    for name in ("take_part", "question", "organisation", "letter"):
        page = client.get(address(name, region))
        assert "geen kwartiermaker" in page_text(page)
        assert reverse("website:contact") in page.content.decode()
    assert "Bel of mail het programmabureau" in page_text(
        client.get(reverse("website:region", args=[region.slug]))
    )
    # Who typed already, keeps it.
    answer = client.post(address("question", region), TYPED)
    assert (answer.status_code, TYPED["text"] in answer.content.decode()) == (422, True)


def test_one_network_is_limited_in_a_day_and_keeps_what_was_typed(client: Client, region, mapper) -> None:
    most = MOST_BY_ONE_NETWORK_TO_A_REGION
    for number in range(most):
        client.post(address("question", region), {**TYPED, "email": f"a{number}@burger.example"})
    answer = client.post(address("question", region), {**TYPED, "email": "nog@burger.example"})
    assert (answer.status_code, TYPED["text"] in answer.content.decode()) == (429, True)
    # With another way, for whom others on that network used it up.
    assert "Bel of mail het programmabureau." in page_text(answer)
    other = RegionFactory.create()
    kwartiermaker_in(other)
    assert client.post(address("question", other), TYPED).status_code == 200
    elsewhere = client.post(address("question", region), TYPED, REMOTE_ADDR="192.0.2.7")
    assert (elsewhere.status_code, ResidentMessage.objects.count()) == (200, most + 2)


def test_one_connection_uses_up_nothing_that_everybody_shares() -> None:
    assert MOST_BY_ONE_NETWORK_TO_A_REGION * BY_CONNECTION < MOST_TO_ONE_REGION
    assert MOST_BY_ONE_NETWORK * BY_CONNECTION < MOST_IN_A_DAY / 2


def test_a_question_of_the_region_is_filled_in_and_reaches_the_kwartiermaker(
    client: Client, region, mapper
) -> None:
    open_one = a_question(region, mapper, "Hoe rijdt de bus?", is_public=True, how_to_join="Kom.")
    hidden = a_question(region, mapper, "Geheim vraagstuk")
    page = client.get(reverse("website:region", args=[region.slug])).content.decode()
    link = f"{address('take_part', region)}?vraag={question_key(open_one)}"
    assert page.count(link) == 1
    form = client.get(link).content.decode()
    assert f'<option value="{question_key(open_one)}" selected>Hoe rijdt de bus?</option>' in form
    # Rule 26: what is not public is as what is not there.
    plain = page_text(client.get(address("take_part", region)))
    for key in (question_key(hidden), "x"):
        answer = page_text(client.get(f"{address('take_part', region)}?vraag={key}"))
        assert answer == plain
    assert "Geheim" not in form
    typed = {"name": TYPED["name"], "email": TYPED["email"], "text": "", "agrees": "on"}
    gone = client.post(address("take_part", region), {**typed, "question": question_key(hidden)})
    assert (gone.status_code, "staat niet meer open" in page_text(gone)) == (422, True)
    sent = client.post(address("take_part", region), {**typed, "question": question_key(open_one)})
    assert sent.status_code == 200
    message = ResidentMessage.objects.get()
    assert (message.kind, message.title) == (MessageKind.TAKE_PART, "Hoe rijdt de bus?")
    client.post(reverse("residents:confirm", args=[secret_in_mail(message, "bevestigen")]))
    log_in(client, mapper)
    read = client.get(reverse("residents:message", args=[region.slug, message.pk])).content.decode()
    assert reverse("mapping:question", args=[region.slug, open_one.pk]) in read


def test_where_nobody_maps_the_region_no_question_leads_to_a_form(client: Client, region, mapper) -> None:
    a_question(region, mapper, "Hoe rijdt de bus?", is_public=True, how_to_join="Kom.")
    KwartiermakerAssignment.objects.all().delete()
    assert "?vraag=" not in client.get(reverse("website:region", args=[region.slug])).content.decode()


def test_how_to_call_shows_only_what_a_kwartiermaker_chose(client: Client, region, mapper) -> None:
    pages = [reverse("website:region", args=[region.slug]), address("letter", region)]
    for page in pages:
        assert mapper.full_name not in page_text(client.get(page))
        assert mapper.email not in client.get(page).content.decode()
    show_contact(
        region=region, name="Kim (fictief)", phone="010 555 12 34", hours="dinsdag", actor=mapper, at=AT
    )
    for page in pages:
        assert 'href="tel:0105551234"' in client.get(page).content.decode()


def test_the_kwartiermaker_says_and_takes_back_how_to_be_called(client: Client, region, mapper) -> None:
    log_in(client, mapper)
    page = address("contact", region)
    assert client.get(page).context["form"].initial == {"name": mapper.full_name}
    assert client.post(page, {"name": "Kim", "phone": ""}).status_code == 422
    assert client.post(page, {"name": "Kim", "phone": "010", "hours": "dinsdag"}).status_code == 302
    assert "zien: Kim, 010 (dinsdag)" in page_text(client.get(address("messages", region)))
    client.post(address("hide_contact", region))
    assert not PublicContact.objects.exists()


def test_the_kwartiermaker_takes_a_question_over_in_one_click(client: Client, region, mapper) -> None:
    message = confirmed_message(region)
    log_in(client, mapper)
    page = client.get(address("message", region, message.pk))
    assert (message.text in page_text(page), message.email in page_text(page)) == (True, True)
    assert " ," not in page_text(page)
    answer = client.post(address("take_over", region, message.pk))
    question = ParticipationQuestion.objects.get()
    assert answer.url == reverse("mapping:question", args=[region.slug, question.pk])
    again = client.post(address("take_over", region, message.pk), follow=True)
    assert "al afgehandeld" in page_text(again)


def test_an_organisation_that_may_be_known_is_said_before_it_is_taken_over(
    client: Client, region, mapper
) -> None:
    facts = OrganisationFacts("Buurtkring Midden (fictief)")
    known = add_to_map(facts=facts, region=region, actor=mapper, at=AT)
    message = confirmed_message(region, MessageKind.ORGANISATION, title=known.name)
    log_in(client, mapper)
    assert known.name in [
        each.organisation.name
        for each in client.get(address("message", region, message.pk)).context["doubles"]
    ]
    client.post(address("take_over", region, message.pk))
    assert Organisation.objects.count() == 2


def test_a_message_is_put_aside_or_noted_as_answered(client: Client, region, mapper) -> None:
    message = confirmed_message(region, MessageKind.TAKE_PART, title="")
    log_in(client, mapper)
    page = address("message", region, message.pk)
    assert "Kies wat u ermee deed" in page_text(client.post(page, {"outcome": "taken"}, follow=True))
    client.post(page, {"outcome": "answered"})
    assert "beantwoord" in page_text(client.get(address("messages", region)))
    assert "al afgehandeld" in page_text(client.post(page, {"outcome": "aside"}, follow=True))


def test_what_waits_stands_on_the_first_page_and_among_what_is_open(client: Client, region, mapper) -> None:
    message = confirmed_message(region)
    log_in(client, mapper)
    pages = [reverse("website:start"), reverse("website:open_items", args=[region.slug])]
    shown = address("message", region, message.pk)
    assert [shown in client.get(page).content.decode() for page in pages] == [True, True]
    client.post(address("take_over", region, message.pk))
    assert [shown in client.get(page).content.decode() for page in pages] == [False, False]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_many_messages(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, region, mapper, count: int
) -> None:
    for number in range(count):
        confirmed_message(region, text=f"Bericht {number}")
    log_in(client, mapper)
    with django_assert_num_queries(7):
        client.get(address("messages", region))


def test_administrators_know_of_no_mail_to_a_resident(region, mapper) -> None:
    confirmed_message(region)
    seen = mails_open_to(person(Role.ADMINISTRATOR), OutgoingMail.objects.all())
    assert [each.kind for each in seen] == ["resident_wrote"]
