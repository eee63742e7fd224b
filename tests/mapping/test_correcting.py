"""A correction or removal asked from a public card: it counts once the mailbox is proved, and is answered (rules 23, 26 and 27)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.one_time import DeadLink, secret_digest
from hubportal.kernel.quotas import TooMuch
from hubportal.mail.models import OutgoingMail
from hubportal.visitors import BY_CONNECTION
from mapping.correction_queries import (
    DAYS_TO_ANSWER,
    DAYS_TO_CONFIRM,
    correction_with,
    corrections_of,
    corrections_of_office,
    waiting_too_long,
)
from mapping.domain.correcting import (
    MOST_BY_ONE_MAILBOX,
    MOST_IN_A_DAY,
    MOST_OF_ONE_ORGANISATION,
    answer_correction,
    ask_correction,
    confirm_correction,
    disown_correction,
    forget_correction,
)
from mapping.domain.merging import merge_organisations
from mapping.domain.organisations import add_to_map
from mapping.domain.publishing import publish_organisation, withdraw_publication
from mapping.domain.unmerging import undo_merge
from mapping.enums import CorrectionKind
from mapping.models import CorrectionRequest, KwartiermakerAssignment
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from regions.models import Region
from tests.factories.accounts import log_in, person
from tests.factories.agreeing import asked_correction_of, mailed_secret
from tests.factories.moments import AT
from tests.factories.people import kwartiermaker_in
from tests.factories.regions import RegionFactory
from tests.pages import at_moment, page_text
from tests.refusals import refused_by
from website.views.correcting import MOST_BY_ONE_NETWORK, MOST_BY_ONE_NETWORK_OF_ONE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _present() -> Iterator[None]:
    cache.clear()
    with at_moment(AT):
        yield


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    return region


@pytest.fixture
def mapper(region: Region) -> User:
    return kwartiermaker_in(region)


@pytest.fixture
def card(region: Region, mapper: User) -> Organisation:
    row = add_to_map(facts=OrganisationFacts("Buurtkring (fictief)"), region=region, actor=mapper, at=AT)
    return publish_organisation(organisation_id=row.pk, actor=mapper, at=AT)


def ask(card: Organisation, region: Region, **values: Any) -> CorrectionRequest:
    typed: dict[str, Any] = {
        "kind": CorrectionKind.REMOVAL,
        "message": "Wij zijn gestopt.",
        "name": "Bert Bezoeker (fictief)",
        "email": "bert@bezoeker.example",
        "at": AT,
    }
    return ask_correction(region=region, organisation_key=card.map_key, **{**typed, **values})


def test_nobody_reads_what_was_not_confirmed_and_the_mail_holds_nothing_that_was_typed(
    region, mapper, card
) -> None:
    request = ask(card, region, message="Koop bij spam.example")
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.recipient, "spam" in mail.body, "Bert" in mail.body) == (
        "correction_confirm",
        "bert@bezoeker.example",
        False,
        False,
    )
    assert not corrections_of(mapper).exists()
    for _click in range(2):
        confirm_correction(request_id=request.pk, at=AT)
    told = OutgoingMail.objects.filter(kind="correction_asked")
    assert [(each.recipient, "spam" in each.body) for each in told] == [(mapper.email, False)]
    assert list(corrections_of(mapper)) == [request]


def test_the_same_asked_twice_is_kept_and_mailed_once(region, card) -> None:
    assert ask(card, region) == ask(card, region, email="BERT+nog@bezoeker.example")
    assert OutgoingMail.objects.count() == 1


def test_one_mailbox_and_one_card_are_not_flooded(region, mapper, card) -> None:
    for number in range(MOST_BY_ONE_MAILBOX):
        ask(card, region, message=f"Bericht {number}")
    with pytest.raises(TooMuch):
        ask(card, region, message="Nog een", email="bert+2@bezoeker.example")
    others = [
        ask(card, region, email=f"ander{number}@bezoeker.example")
        for number in range(MOST_OF_ONE_ORGANISATION + 1)
    ]
    # Who confirms nothing keeps nobody out.
    assert ask(card, region, email="laatste@bezoeker.example").pk
    for each in others:
        confirm_correction(request_id=each.pk, at=AT)
    told = OutgoingMail.objects.filter(kind="correction_asked", recipient=mapper.email)
    assert told.count() == MOST_OF_ONE_ORGANISATION
    with pytest.raises(TooMuch):
        ask(card, region, email="te-laat@bezoeker.example")
    assert ask(card, region, email="te-laat@bezoeker.example", at=AT + timedelta(days=1, minutes=1)).pk


def test_who_reads_the_mailbox_deletes_what_others_asked_under_its_address_and_can_ask(
    client, region, mapper, card
) -> None:
    """Rule 28: nobody keeps somebody else from asking by using their address."""
    others = [ask(card, region, message=f"Niet van mij {number}") for number in range(MOST_BY_ONE_MAILBOX)]
    link = reverse("website:cards:confirm_correction", args=[mailed_secret(others[0], "verzoek")])
    assert "Nee, ik was het niet: verwijder het" in page_text(client.get(link))
    shown = page_text(client.post(link, {"not_me": "1"}))
    assert "Wat iemand onder uw adres schreef, is verwijderd" in shown
    assert disown_correction(request_id=others[0].pk, at=AT) is False
    own = confirm_correction(request_id=ask(card, region, message="Van mij").pk, at=AT)
    with pytest.raises(DeadLink):
        disown_correction(request_id=own.pk, at=AT)
    assert list(every_violation()) == []


def test_only_of_a_card_that_visitors_see_something_can_be_asked(client, region, mapper, card) -> None:
    elsewhere = RegionFactory.create()
    withdraw_publication(organisation_id=card.pk, actor=mapper, at=AT)
    for where, key in ((region, card.map_key), (elsewhere, card.map_key), (region, uuid4())):
        assert client.get(reverse("website:cards:ask_correction", args=[where.slug, key])).status_code == 404
        with pytest.raises(Organisation.DoesNotExist):
            ask_correction(
                region=where,
                organisation_key=key,
                kind=CorrectionKind.REMOVAL,
                message="Weg.",
                name="Bert",
                email="bert@bezoeker.example",
                at=AT,
            )


def test_what_nobody_confirms_in_time_is_forgotten(region, card) -> None:
    request = ask(card, region)
    late = AT + timedelta(days=DAYS_TO_CONFIRM)
    with pytest.raises(DeadLink):
        confirm_correction(request_id=request.pk, at=late)
    assert not forget_correction(request_id=request.pk, at=late - timedelta(seconds=1))
    assert [forget_correction(request_id=request.pk, at=late) for _turn in range(2)] == [True, False]


def test_a_kwartiermaker_of_the_region_answers_once(region, mapper, card) -> None:
    request = asked_correction_of(card, region)
    for stranger in (kwartiermaker_in(RegionFactory.create()), person(Role.ADMINISTRATOR)):
        with pytest.raises(NotAllowed):
            answer_correction(request_id=request.pk, answer="Ja.", actor=stranger, at=AT)
    answer_correction(request_id=request.pk, answer="Dat is nu verbeterd.", actor=mapper, at=AT)
    with pytest.raises(RuleViolation):
        answer_correction(request_id=request.pk, answer="Nog eens.", actor=mapper, at=AT)
    mail = OutgoingMail.objects.get(kind="correction_answered")
    assert (mail.recipient, "Dat is nu verbeterd." in mail.body) == ("bert@bezoeker.example", True)


def test_the_office_sees_what_waits_too_long_and_answers_it(client, region, card) -> None:
    request, officer = asked_correction_of(card, region), person(Role.OFFICER)
    late = AT + timedelta(days=DAYS_TO_ANSWER)
    office = corrections_of_office(officer)
    assert not waiting_too_long(office, at=late - timedelta(seconds=1)).exists()
    assert list(waiting_too_long(office, at=late)) == [request]
    log_in(client, officer, second_factor=True)
    with at_moment(late + timedelta(minutes=1)):
        assert card.name in page_text(client.get(reverse("admin:card_corrections")))
        assert "1 Correcties van openbare teksten" in page_text(client.get(reverse("admin:index")))
        where = reverse("admin:card_correction", args=[request.pk])
        assert client.post(where, {"answer": "Verbeterd."}).status_code == 302
    assert CorrectionRequest.objects.get().answered_by == officer


def test_where_nobody_maps_the_region_the_office_reads_it_at_once_and_every_page_and_mail_says_so(
    client, region, card
) -> None:
    KwartiermakerAssignment.objects.all().delete()
    where = reverse("website:cards:ask_correction", args=[region.slug, card.map_key])
    text = page_text(client.get(where))
    assert ("leest het programmabureau wat u vroeg" in text, "leest de kwartiermaker" in text) == (
        True,
        False,
    )
    request = ask(card, region)
    told = OutgoingMail.objects.get().body
    assert ("Pas dan leest het programmabureau het." in told, "kwartiermaker" in told) == (True, False)
    link = reverse("website:cards:confirm_correction", args=[mailed_secret(request, "verzoek")])
    office = corrections_of_office(person(Role.OFFICER))
    assert not waiting_too_long(office, at=AT).exists()
    text = page_text(client.post(link, follow=True))
    assert "Dank u wel, het programmabureau leest het" in text
    assert ("dan ziet ook het programmabureau" in text, "kwartiermaker" in text) == (False, False)
    assert list(waiting_too_long(office, at=AT)) == [request]


def test_a_visitor_asks_confirms_and_reads_the_answer_through_the_same_link(
    client, region, mapper, card
) -> None:
    page = client.get(reverse("website:region", args=[region.slug])).content.decode()
    where = reverse("website:cards:ask_correction", args=[region.slug, card.map_key])
    assert where in page
    typed = {"kind": "correction", "message": "Het adres klopt niet.", "name": "Bert", "email": "geen adres"}
    refused = client.post(where, typed)
    assert (refused.status_code, refused.context["form"]["message"].value()) == (422, "Het adres klopt niet.")
    assert client.post(where, {**typed, "email": "bert@bezoeker.example"}).status_code == 200
    secret = mailed_secret(CorrectionRequest.objects.get(), "verzoek")
    link = reverse("website:cards:confirm_correction", args=[secret])
    asked = client.get(link)
    assert (asked["X-Robots-Tag"], asked["Cache-Control"]) == ("noindex", "no-store, private")
    assert CorrectionRequest.objects.get().confirmed_at is None
    for _click in range(2):
        assert client.post(link).status_code == 302
    found = correction_with(secret_digest(secret))
    assert found is not None
    kwartiermaker = Client()
    log_in(kwartiermaker, mapper)
    assert "Geef antwoord op een gevraagde correctie" in page_text(
        kwartiermaker.get(reverse("website:start"))
    )
    task = reverse("mapping:correction", args=[region.slug, found.pk])
    assert "geen bewijs" in page_text(kwartiermaker.get(task))
    assert kwartiermaker.post(task, {"answer": ""}).status_code == 422
    assert kwartiermaker.post(task, {"answer": "Dank, het is verbeterd."}).status_code == 302
    assert "Dank, het is verbeterd." in page_text(client.get(link))
    assert client.get(reverse("website:cards:confirm_correction", args=["b" * 43])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_many_were_asked(
    client: Client, card: Organisation, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    region, mapper = card.works_in.get(), card.published_by
    assert mapper is not None
    for number in range(count):
        asked_correction_of(card, region, message=f"Bericht {number}")
    log_in(client, mapper)
    with django_assert_num_queries(6):
        client.get(reverse("mapping:corrections", args=[region.slug]))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("correction_request_of_a_known_kind", {"kind": "wish"}),
        ("correction_request_answered_once_confirmed", {"answer": "Ja."}),
        (
            "correction_request_answered_once_confirmed",
            {"confirmed_at": None, "answered_at": AT, "answer": "Ja."},
        ),
    ],
)
def test_the_database_refuses_an_answer_to_nobody(region, card, name: str, values: dict[str, Any]) -> None:
    request = asked_correction_of(card, region)
    with refused_by(name):
        CorrectionRequest.objects.filter(pk=request.pk).update(**values)


def test_what_was_asked_of_a_card_goes_with_a_merge_and_comes_back(region: Region) -> None:
    mapper = kwartiermaker_in(region)
    kept, gone = (
        add_to_map(facts=OrganisationFacts(name), region=region, actor=mapper, at=AT)
        for name in ("Kring Noord (fictief)", "Kring te Noord (fictief)")
    )
    publish_organisation(organisation_id=gone.pk, actor=mapper, at=AT)
    request = asked_correction_of(gone, region)
    chosen = {"name": kept.pk}
    merge = merge_organisations(
        one_id=kept.pk, other_id=gone.pk, region=region, chosen=chosen, actor=mapper, at=AT
    )
    request.refresh_from_db()
    assert request.organisation == merge.kept
    undo_merge(merge_id=merge.pk, region=region, actor=mapper, at=AT)
    request.refresh_from_db()
    assert request.organisation == gone


def test_one_network_asks_a_few_times_of_one_organisation_and_reads_another_way(
    client, region, mapper, card
) -> None:
    cache.clear()
    where = reverse("website:cards:ask_correction", args=[region.slug, card.map_key])
    typed = {"kind": "correction", "message": "Het adres klopt niet.", "name": "Bert"}
    for number in range(MOST_BY_ONE_NETWORK_OF_ONE):
        assert client.post(where, {**typed, "email": f"bert{number}@bezoeker.example"}).status_code == 200
    refused = client.post(where, {**typed, "email": "nog@bezoeker.example"})
    text = page_text(refused)
    assert (refused.status_code, "Bel of mail het programmabureau." in text) == (429, True)
    assert refused.context["form"]["message"].value() == "Het adres klopt niet."
    elsewhere = client.post(where, {**typed, "email": "nog@bezoeker.example"}, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 200
    # All addresses of one connection use up nothing that everybody shares.
    assert MOST_BY_ONE_NETWORK_OF_ONE * BY_CONNECTION < MOST_OF_ONE_ORGANISATION
    assert MOST_BY_ONE_NETWORK * BY_CONNECTION < MOST_IN_A_DAY / 2
