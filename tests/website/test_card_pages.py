"""The pages of an organisation about its card, without an account: following a link changes nothing (rules 22, 23, 30 and 32)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation
from mapping.domain.answering import decline_by_link
from mapping.domain.cells import save_cell
from mapping.domain.organisations import add_to_map
from mapping.domain.publishing import publish_organisation
from mapping.domain.removing import remove_from_map
from mapping.models import PublishingRequest
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from pictures.enums import PictureKind
from regions.models import Region
from tests.factories.accounts import log_in
from tests.factories.agreeing import agreed, asked, mailed_secret
from tests.factories.moments import AT
from tests.factories.people import kwartiermaker_in
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.pages import at_moment, page_text
from website.views import cards

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _present() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    MunicipalityFactory.create(region=region, name="Middelstad", code="GM9901", sort_name="middelstad")
    return region


@pytest.fixture
def mapper(region: Region) -> User:
    return kwartiermaker_in(region)


@pytest.fixture
def row(region: Region, mapper: User) -> Organisation:
    return mapped(region, mapper, "Buurtkring Midden (fictief)")


def mapped(region: Region, actor: User, name: str) -> Organisation:
    facts = OrganisationFacts(name=name, description="Zoekt elkaar op.", streams=["residents"])
    return add_to_map(facts=facts, region=region, actor=actor, at=AT - timedelta(days=1))


def place(name: str, secret: str) -> str:
    return reverse(f"website:cards:{name}", args=[secret])


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Buurtkring Midden (fictief)",
        "municipality": "",
        "streams": ["residents"],
        "description": "Zoekt elkaar op.",
        "public_contact": "",
        "website": "",
        **changes,
    }


def every_row() -> dict[str, list[object]]:
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for name in ("mapping", "mail", "audit", "organisations")
        for model in apps.get_app_config(name).get_models()
    }


def agree_on(client: Client, secret: str, **changes: str) -> Any:
    seen = client.get(place("confirm", secret)).context["form"].initial["seen"]
    answer = {"name": "Anna Akkoord (fictief)", "may_speak": "on", "seen": seen, **changes}
    return client.post(place("confirm", secret), answer)


def test_following_the_links_changes_nothing_and_tells_no_other_site(client, region, mapper, row) -> None:
    secret = mailed_secret(asked(row, region, mapper))
    other = mapped(region, mapper, "Andere kring (fictief)")
    given = mailed_secret(agreed(other, region, mapper, email="kring@elders.example"), "gegeven")
    before = every_row()
    for where in (
        *(place(each, secret) for each in ("answer", "confirm", "decline")),
        place("agreement", given),
    ):
        for ask in (client.get, client.head):
            response = ask(where)
            assert response.status_code == 200
            assert (response["Cache-Control"], response["X-Robots-Tag"], response["Referrer-Policy"]) == (
                "no-store, private",
                "noindex",
                "strict-origin",
            )
            assert b"canonical" not in response.content
    assert every_row() == before


def test_an_organisation_reads_its_card_as_visitors_will(client, region, mapper, row) -> None:
    secret = mailed_secret(asked(row, region, mapper))
    page = client.get(place("answer", secret)).content.decode()
    agree_on(client, secret)
    public = client.get(reverse("website:region", args=[region.slug])).content.decode()
    start = public.index('<h3 class="hub-organisations__name">')
    card = public[start : public.index("</p>", public.index("Zoekt elkaar op."))]
    assert card in page


def test_all_of_a_long_text_and_the_address_are_read_by_who_agrees_and_by_visitors(
    client, region, mapper, row
) -> None:
    """What is agreed to is exactly what visitors read, to its last word."""
    description = f"{'Zoekt elkaar op. ' * 100}Ook op zondag."
    Organisation.objects.filter(pk=row.pk).update(description=description, website="https://kring.example")
    secret = mailed_secret(asked(row, region, mapper))
    agreeing = page_text(client.get(place("confirm", secret)))
    publish_organisation(organisation_id=row.pk, actor=mapper, at=AT)
    public = page_text(client.get(reverse("website:region", args=[region.slug])))
    for text in (agreeing, public):
        assert [each in text for each in (description, "Website: https://kring.example")] == [True, True]


def test_who_corrects_and_agrees_reads_what_was_answered_when_the_link_is_opened_again(
    client, region, mapper, row
) -> None:
    secret = mailed_secret(asked(row, region, mapper))
    saved = client.post(
        place("answer", secret), typed(description="Wij zoeken elkaar op.", municipality="GM9901")
    )
    assert saved.headers["Location"] == place("confirm", secret)
    text = page_text(client.get(place("confirm", secret)))
    assert "Wij zoeken elkaar op." in text
    assert "Middelstad" in text
    assert agree_on(client, secret).status_code == 302
    for name in ("answer", "confirm", "decline"):
        again = client.get(place(name, secret))
        told = page_text(again)
        assert (again.status_code, "Anna Akkoord (fictief) antwoordde op" in told) == (200, True)
        assert "Wij zoeken elkaar op." in told
    assert (
        client.post(place("confirm", secret), {"name": "Bas", "may_speak": "on", "seen": ""}).status_code
        == 200
    )
    assert PublishingRequest.objects.get().answered_by == "Anna Akkoord (fictief)"


def test_who_may_not_say_that_they_speak_for_it_does_not_agree(client, region, mapper, row) -> None:
    secret = mailed_secret(asked(row, region, mapper))
    response = agree_on(client, secret, may_speak="")
    assert (response.status_code, response.context["form"]["name"].value()) == (422, "Anna Akkoord (fictief)")
    assert PublishingRequest.objects.get().state == "asked"


def test_what_changed_while_somebody_read_is_read_again_before_it_is_agreed_to(
    client, region, mapper, row
) -> None:
    secret = mailed_secret(asked(row, region, mapper))
    seen = client.get(place("confirm", secret)).context["form"].initial["seen"]
    save_cell(
        organisation_id=row.pk,
        region=region,
        field="public_contact",
        value="020 000 00 00",
        was="",
        seen_version=row.version,
        actor=mapper,
        at=AT,
    )
    answer = {"name": "Anna Akkoord (fictief)", "may_speak": "on", "seen": seen}
    response = client.post(place("confirm", secret), answer)
    assert (response.status_code, "020 000 00 00" in page_text(response)) == (422, True)
    assert (
        client.post(
            place("confirm", secret), {**answer, "seen": response.context["form"]["seen"].value()}
        ).status_code
        == 302
    )


def test_what_was_typed_while_the_link_ended_stands_on_the_page(client, region, mapper, row) -> None:
    question = asked(row, region, mapper)
    secret = mailed_secret(question)
    with at_moment(question.expires_at + timedelta(seconds=5)):
        response = client.post(place("answer", secret), typed(description="Een lange verbetering."))
        assert (response.status_code, "Een lange verbetering." in page_text(response)) == (410, True)
        response = client.post(place("decline", secret), {"reason": "Liever (fictief) niet."})
        assert (response.status_code, "Liever (fictief) niet." in page_text(response)) == (410, True)


def test_a_link_of_what_went_off_the_map_says_so_and_one_that_was_guessed_tells_nothing(
    client, region, mapper, row
) -> None:
    secret = mailed_secret(asked(row, region, mapper))
    remove_from_map(organisation_id=row.pk, region=region, actor=mapper, at=AT)
    gone = client.get(place("answer", secret))
    assert (gone.status_code, "niet meer op de kaart" in page_text(gone)) == (410, True)
    for name in ("answer", "confirm", "decline", "agreement"):
        guessed = client.get(place(name, "a" * 43))
        assert (guessed.status_code, "Buurtkring" in page_text(guessed)) == (404, False)
        # Of no region: a programme office is no kwartiermaker.
        assert "Hebt u een vraag? Stel die aan: het programmabureau" in page_text(guessed)


def test_adverts_are_refused_at_the_field_and_stay_typed(client, region, mapper, row) -> None:
    secret = mailed_secret(asked(row, region, mapper))
    response = client.post(
        place("answer", secret), typed(name="Kijk op https://spam.example", website="geen adres")
    )
    assert (response.status_code, sorted(response.context["form"].errors)) == (422, ["name", "website"])
    assert "Typ een webadres, bijvoorbeeld www.voorbeeld.nl" in page_text(response)
    assert response.context["form"]["name"].value() == "Kijk op https://spam.example"
    assert agree_on(client, secret, name="Kijk op spam.nl").status_code == 422


def test_declining_and_withdrawing_take_a_page_each(client, region, mapper, row) -> None:
    publish_organisation(organisation_id=row.pk, actor=mapper, at=AT)
    secret = mailed_secret(asked(row, region, mapper))
    assert client.post(place("decline", secret), {"reason": "Liever niet."}).status_code == 302
    assert "Bezoekers zien uw organisatie niet" in page_text(client.get(place("answer", secret)))
    other = mapped(region, mapper, "Andere kring (fictief)")
    given = mailed_secret(agreed(other, region, mapper, email="kring@elders.example"), "gegeven")
    assert client.post(place("agreement", given), {}).status_code == 422
    with at_moment(AT + timedelta(days=1)):
        assert client.post(place("agreement", given), {"is_sure": "on"}).status_code == 302
        told = page_text(client.get(place("agreement", given)))
        log_in(client, mapper)
        known = page_text(client.get(reverse("mapping:agreement", args=[region.slug, other.map_key])))
    # Who agreed is not said to have withdrawn it, nor on that day.
    assert "trok haar akkoord in" in told
    assert "ging akkoord op 1 mei 2024. Dat is ingetrokken op 2 mei 2024" in told
    assert "akkoord ingetrokken op 2 mei 2024; " in known
    assert "ging akkoord op 1 mei 2024" in known
    assert not Organisation.objects.filter(published_at__isnull=False).exists()


def test_a_card_says_who_answers_for_it_and_streams_choose_by_what_was_agreed_to(
    client, region, mapper, row
) -> None:
    other = mapped(region, mapper, "Andere kring (fictief)")
    agreed(row, region, mapper)
    publish_organisation(organisation_id=other.pk, actor=mapper, at=AT)
    for field, value in (("streams", ["patients"]), ("name", "Heel anders (fictief)")):
        now = Organisation.objects.get(pk=row.pk)
        save_cell(
            organisation_id=row.pk,
            region=region,
            field=field,
            value=value,
            was=getattr(now, field),
            seen_version=now.version,
            actor=mapper,
            at=AT,
        )
    address = reverse("website:region", args=[region.slug])
    text = page_text(client.get(address))
    assert (
        "De organisatie ging op 3 april 2024 akkoord met deze tekst." in text
        or "akkoord met deze tekst" in text
    )
    assert "De kwartiermaker van de regio staat in voor deze tekst." in text
    # From there one comes to the pictures, with their files and addresses for other websites.
    links = client.get(address).content.decode()
    assert all(reverse("pictures:embed", args=[region.slug, each]) in links for each in PictureKind)
    assert "Heel anders" not in text
    assert (
        "Heel anders" not in client.get(reverse("website:region_feed", args=[region.slug])).content.decode()
    )
    assert "Buurtkring Midden" in page_text(client.get(address, {"stroom": "residents"}))
    assert "Buurtkring Midden" not in page_text(client.get(address, {"stroom": "patients"}))


@pytest.mark.parametrize("count", [1, 3])
def test_the_kwartiermakers_pages_take_the_same_queries_however_many_answers(
    client: Client, row: Organisation, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    region, mapper = row.works_in.get(), Organisation.objects.get().created_by
    assert mapper is not None
    for number in range(count):
        agreed(row, region, mapper, email=f"adres{number}@kring.example", at=AT + timedelta(hours=number))
    log_in(client, mapper)
    with django_assert_num_queries(9):
        client.get(reverse("mapping:agreement", args=[region.slug, row.map_key]))
    with django_assert_num_queries(11):
        client.get(reverse("mapping:history", args=[region.slug, row.map_key]))


def test_the_kwartiermaker_asks_reads_and_takes_over(client, region, mapper, row) -> None:
    log_in(client, mapper)
    where = reverse("mapping:agreement", args=[region.slug, row.map_key])
    seen = client.get(where).context["form"].initial["seen"]
    assert client.post(where, {"email": "geen adres", "seen": seen}).status_code == 422
    assert client.post(where, {"email": mapper.email, "seen": seen}).status_code == 422
    assert client.post(where, {"email": "info@kring.example", "seen": seen}).status_code == 302
    secret = mailed_secret(PublishingRequest.objects.get())
    visitor = Client()
    visitor.post(place("answer", secret), typed(description="Wij zoeken elkaar op."))
    agree_on(visitor, secret)
    assert "Neem over wat Buurtkring Midden (fictief) verbeterde" in page_text(
        client.get(reverse("website:start"))
    )
    grid = page_text(client.get(reverse("mapping:workspace", args=[region.slug])))
    assert "niet openbaar, tekst verbeterd: neem die over" in grid
    given = PublishingRequest.objects.get()
    page = reverse("mapping:take_over", args=[region.slug, row.map_key, given.pk])
    response = client.get(page)
    assert ("Zoekt elkaar op." in page_text(response), "Wij zoeken elkaar op." in page_text(response)) == (
        True,
        True,
    )
    shown = response.context["form"].initial["seen"]
    assert client.post(page, {"seen": shown}).status_code == 302
    assert "openbaar, akkoord" in page_text(client.get(reverse("mapping:workspace", args=[region.slug])))


@pytest.mark.parametrize("is_late", [True, False])
def test_who_declines_after_somebody_agreed_reads_that_it_does_not_count(
    client: Client,
    region: Region,
    mapper: User,
    row: Organisation,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_late: bool,
) -> None:
    """Rule 32, also where somebody is a moment ahead; who presses twice reads nothing of it."""
    question = asked(row, region, mapper)
    secret = mailed_secret(question)
    assert agree_on(client, secret).status_code == 302
    if not is_late:
        monkeypatch.setattr(cards, "_not_open", lambda *_given, **_how: "")
    told = page_text(client.post(place("decline", secret), {"name": "Bas", "reason": "Te druk (fictief)"}))
    for each in ("Uw antwoord van zojuist is niet bewaard", "Te druk (fictief)", "akkoord met deze tekst"):
        assert each in told
    twice = page_text(client.post(place("confirm", secret), {"name": "Bas", "may_speak": "on", "seen": ""}))
    assert "niet bewaard" not in twice
    assert "akkoord met deze tekst" in twice


def test_who_agrees_after_somebody_declined_reads_that_it_does_not_count(client, region, mapper, row) -> None:
    secret = mailed_secret(asked(row, region, mapper))
    declining = {"reason": "Liever niet."}
    assert client.post(place("decline", secret), declining).status_code == 302
    told = page_text(client.post(place("confirm", secret), {"name": "Bas", "may_speak": "on", "seen": ""}))
    assert "Uw antwoord van zojuist is niet bewaard" in told
    assert "niet bewaard" not in page_text(client.post(place("decline", secret), declining))
    assert "niet bewaard" not in page_text(client.get(place("confirm", secret)))


def test_what_is_corrected_after_it_was_answered_in_another_window_is_not_lost(
    client: Client, region: Region, mapper: User, row: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 32, also where it is answered between the page and the act."""
    secret = mailed_secret(agreed(row, region, mapper))
    for _each in range(2):
        response = client.post(place("answer", secret), typed(description="Ander verhaal (fictief)."))
        assert response.status_code == 200
        shown = page_text(response)
        assert "Ander verhaal (fictief)." in shown
        assert "Dit is niet bewaard." in shown
        monkeypatch.setattr(cards, "_not_open", lambda *_given, **_how: "")


def test_who_was_asked_still_says_no_where_another_mailbox_said_so(
    client: Client, region: Region, mapper: User
) -> None:
    """Else whoever declines first keeps the no of the organisation out, and comes back on their own (rules 23 and 27)."""
    facts = OrganisationFacts(name="Geheime plek (fictief)", kvk_number="68750110")
    elsewhere = RegionFactory.create()
    theirs = kwartiermaker_in(elsewhere)
    row = add_to_map(facts=facts, region=region, actor=mapper, at=AT - timedelta(days=1))
    apart = add_to_map(facts=facts, region=elsewhere, actor=theirs, at=AT - timedelta(days=1))
    secret = mailed_secret(asked(row, region, mapper, email="bestuur@echt.example"))
    first = asked(apart, elsewhere, theirs, email="vriend@elders.example")
    decline_by_link(request_id=first.pk, name="Vriend", reason="", at=AT)
    shown = client.get(place("answer", secret))
    assert (shown.status_code, place("decline", secret) in shown.content.decode()) == (410, True)
    assert client.get(place("confirm", secret)).status_code == 410
    assert client.get(place("decline", secret)).status_code == 200
    assert client.post(place("decline", secret), {"name": "Nelly", "reason": ""}).status_code == 302
    assert PublishingRequest.objects.get(mailbox="bestuur@echt.example").state == "declined"
    # The friend cannot come back on it now.
    with pytest.raises(RuleViolation):
        asked(apart, elsewhere, theirs, email="vriend@elders.example", at=AT + timedelta(days=2))
