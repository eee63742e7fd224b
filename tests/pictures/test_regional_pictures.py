"""Regional pictures: written, made in the background as tagged PDF, and public on purpose (rules 12, 23, 26, 30 and 32)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from hubportal.documents.domain.files import every_stored_file, read_file
from hubportal.documents.domain.rendering import render_pdf
from hubportal.kernel import clock
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.quotas import TooMuch
from hubportal.kernel.versions import NewerVersion
from mapping.domain.publishing import publish_organisation, withdraw_publication
from mapping.domain.ties import tie_organisations
from mapping.enums import TieKind
from mapping.models import ParticipationQuestion, Tie
from organisations.models import Organisation
from pictures.domain.regional_pictures import (
    MOST_BY_ONE_PERSON_A_DAY,
    make_regional_picture,
    publish_regional_picture,
    withdraw_regional_picture,
)
from pictures.enums import Readers
from pictures.models import RegionalPicture, RegionalText
from pictures.regional_queries import shown_picture_of
from pictures.tasks import make_regional_pictures_task
from pictures.views.regional_pdf import regional_pdf
from regions.models import Region
from tests.breaking import force
from tests.documents.reading import elements_of, marks_of, opened, roles_of, unmarked_text, words_of
from tests.factories.accounts import log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import pending_for
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.mapping.grids import mapped
from tests.pictures.pictured import mapper_of
from tests.pictures.regional import asked, made, published, written
from tests.pictures.test_questions import asked_in
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden", slug="het-midden")
    MunicipalityFactory.create(region=region, name="Aastad", code="GM9900", sort_name="aastad")
    return region


@pytest.fixture
def mapper(client: Client, region: Region) -> User:
    user = mapper_of(region)
    log_in(client, user)
    return user


@pytest.fixture
def organisations(region: Region, mapper: User) -> list[Organisation]:
    """Return three public ones, and one that is not, tied to one of them."""
    town = region.municipalities.get()
    shown = [mapped(f"Open {number}", region, mapper, municipality=town) for number in range(3)]
    for each in shown:
        publish_organisation(organisation_id=each.pk, actor=mapper, at=AT)
    hidden = mapped("Gesloten", region, mapper, municipality=town, streams=["councils"])
    for one, other in ((shown[0], shown[1]), (hidden, shown[0])):
        tie_organisations(
            one_id=one.pk, other_id=other.pk, kind=TieKind.WORKS_WITH, region=region, actor=mapper, at=AT
        )
    asked_in(region, mapper, "Aan tafel", {shown[0]: ["inform"]}, is_public=True, how_to_join="Kom.")
    asked_in(region, mapper, "Een stil vraagstuk", {hidden: ["inform"]})
    return [*shown, hidden]


def text_in(pdf: Any) -> str:
    return " ".join(" ".join(words_of(page) for page in pdf.pages).split())


def address(name: str, region: Region, *more: Any) -> str:
    return reverse(f"pictures:{name}", args=[region.slug, *more])


def test_document_is_tagged_and_tells_text_tables_sources_and_date(
    region: Region, mapper: User, organisations: list[Organisation]
) -> None:
    written(region, mapper, "Eerste alinea.\n\nTweede alinea.", "CBS 2021\nGesprekken")
    picture = made(region, mapper, Readers.REGION)
    assert picture.made_at is not None
    with opened(read_file(picture.stored_as, picture.sha256)) as pdf:
        text, roles = text_in(pdf), roles_of(pdf)
        headings = {str(each.A.Scope) for each in elements_of(pdf) if each.S == "/TH"}
        astray = [unmarked_text(page, marks_of(pdf, number)) for number, page in enumerate(pdf.pages)]
        metadata = pdf.open_metadata()
        assert (metadata["pdfuaid:part"], str(pdf.Root.Lang)) == ("1", "nl")
        assert metadata["dc:title"] == "Regiobeeld van Het Midden"
    assert [each for each in astray if each] == []
    assert roles.count("/Table") == 3
    assert headings == {"/Row", "/Column"}
    for said in (
        "Eerste alinea.",
        "Tweede alinea.",
        "CBS 2021",
        "Gesprekken",
        "Gesloten",
        "Een stil vraagstuk",
    ):
        assert said in text
    assert "Niet openbaar: voor de kwartiermakers van deze regio" in text
    # Drawings are no part of what is read: the tables are.
    assert "/Figure" not in roles


def test_document_for_everybody_holds_what_is_public_alone(
    region: Region, mapper: User, organisations: list[Organisation]
) -> None:
    written(region, mapper)
    picture = made(region, mapper)
    with opened(read_file(picture.stored_as, picture.sha256)) as pdf:
        text = text_in(pdf)
    assert "Alleen wat openbaar is" in text
    assert "Open 0 werkt samen met Open 1" in text
    assert "Gesloten" not in text
    assert "Een stil vraagstuk" not in text
    assert sorted(picture.organisations) == sorted(each.map_key for each in organisations[:3])
    assert picture.questions == [ParticipationQuestion.objects.get(is_public=True).pk]
    # Three names, a question and a tie.
    assert len(picture.told) == 5
    assert [(each.kind, each.sha256) for each in every_stored_file()] == [
        ("regional picture", picture.sha256)
    ]


def test_the_same_facts_make_the_same_bytes(region: Region, mapper: User) -> None:
    written(region, mapper)
    picture = asked(region, mapper, Readers.REGION)
    assert regional_pdf(picture, AT).pdf == regional_pdf(picture, AT).pdf


def test_asking_twice_makes_one_and_making_twice_changes_nothing(region: Region, mapper: User) -> None:
    written(region, mapper)
    key = uuid4()
    first = asked(region, mapper, Readers.REGION, key)
    assert asked(region, mapper, Readers.REGION, key) == first
    make_regional_pictures_task()
    kept = RegionalPicture.objects.get()
    assert make_regional_picture(picture_id=kept.pk, make=regional_pdf, at=AT) is False
    make_regional_pictures_task()
    assert RegionalPicture.objects.get().sha256 == kept.sha256


def test_a_key_that_a_page_of_another_region_chose_is_no_second_click(region: Region, mapper: User) -> None:
    other = RegionFactory.create()
    KwartiermakerAssignmentFactory.create(user=mapper, region=other)
    key = uuid4()
    for each in (region, other):
        written(each, mapper)
        asked(each, mapper, Readers.REGION, key)
    assert set(RegionalPicture.objects.values_list("region", flat=True)) == {region.pk, other.pk}


def test_what_is_asked_needs_a_text_and_does_not_pile_up(region: Region, mapper: User) -> None:
    with pytest.raises(RuleViolation, match="tekst"):
        asked(region, mapper, Readers.REGION)
    written(region, mapper)
    for _time in range(3):
        asked(region, mapper, Readers.REGION)
    with pytest.raises(RuleViolation, match="bezig"):
        asked(region, mapper, Readers.REGION)
    elsewhere = mapper_of(RegionFactory.create())
    for act in (lambda: asked(region, elsewhere, Readers.REGION), lambda: written(region, elsewhere)):
        with pytest.raises(NotAllowed):
            act()


def test_text_is_saved_while_it_is_typed_and_meets_a_newer_version(
    client: Client, region: Region, mapper: User
) -> None:
    page = address("regional", region)
    typed = {"text": "Mijn tekst", "sources": "", "seen_version": "0"}
    done = client.post(page, typed, headers={"Accept": "application/json"})
    assert (done.status_code, done.json()["version"]) == (200, 1)
    again = client.post(page, {**typed, "text": "Andere tekst"}, headers={"Accept": "application/json"})
    assert again.status_code == 409
    shown = client.post(page, {**typed, "text": "Andere tekst"})
    assert shown.status_code == 409
    assert "Mijn" in shown.content.decode()
    assert "Andere" in shown.content.decode()
    assert RegionalText.objects.get().text == "Mijn tekst"
    assert client.post(page, {**typed, "text": "x" * 20_001, "seen_version": "1"}).status_code == 422


def test_nothing_is_public_before_it_was_published_as_it_was_seen(
    client: Client, region: Region, mapper: User, organisations: list[Organisation]
) -> None:
    written(region, mapper, "Openbare tekst")
    picture = made(region, mapper)
    visitor, page = Client(), address("public_regional", region)
    assert visitor.get(page).status_code == 404
    publish = address("publish_regional", region, picture.key)
    assert "Openbare tekst" in client.get(publish).content.decode()
    assert client.post(publish, {"seen": "0" * 64}).status_code == 422
    assert visitor.get(page).status_code == 404
    for _click in range(2):
        assert client.post(publish, {"seen": picture.sha256}).status_code == 302
    assert "Openbare tekst" in visitor.get(page).content.decode()
    file = visitor.get(address("public_regional_pdf", region))
    assert file.content == read_file(picture.stored_as, picture.sha256)
    assert file["Content-Disposition"] == 'attachment; filename="regiobeeld-het-midden.pdf"'
    newer = published(region, mapper)
    picture.refresh_from_db()
    assert (picture.is_public, newer.is_public) == (False, True)
    for _click in range(2):
        assert client.post(address("withdraw_regional", region, newer.key)).status_code == 302
    assert visitor.get(page).status_code == 404
    acts = AuditEvent.objects.filter(act__startswith="pictures.").order_by("pk").values_list("act", flat=True)
    assert list(acts) == [
        *("pictures.text_written", "pictures.asked", "pictures.made", "pictures.published"),
        *(
            "pictures.asked",
            "pictures.made",
            "pictures.withdrawn",
            "pictures.published",
            "pictures.withdrawn",
        ),
    ]


def test_what_is_no_longer_public_takes_the_document_away(
    client: Client, region: Region, mapper: User, organisations: list[Organisation]
) -> None:
    written(region, mapper)
    picture = published(region, mapper)
    assert shown_picture_of(region) == picture
    link, here = address("public_regional", region), reverse("website:region", args=[region.slug])
    assert link in Client().get(here).content.decode()
    ParticipationQuestion.objects.filter(is_public=True).update(is_public=False)
    assert shown_picture_of(region) is None
    assert link not in Client().get(here).content.decode()
    ParticipationQuestion.objects.filter(title="Aan tafel").update(is_public=True)
    withdraw_publication(organisation_id=organisations[2].pk, actor=mapper, at=AT)
    assert Client().get(address("public_regional", region)).status_code == 404
    assert Client().get(address("public_regional_pdf", region)).status_code == 404
    withdraw_regional_picture(picture_id=picture.pk, region=region, actor=mapper, at=clock.now())
    with pytest.raises(RuleViolation, match="openbaar"):
        publish_regional_picture(
            picture_id=picture.pk, region=region, seen=picture.sha256, actor=mapper, at=clock.now()
        )


@pytest.mark.parametrize(
    "withdrawn",
    [
        lambda one: Tie.objects.filter(other__name="Open 1").delete(),
        lambda one: Organisation.objects.filter(pk=one.pk).update(name="Anders"),
        lambda one: ParticipationQuestion.objects.filter(title="Aan tafel").update(title="Anders"),
    ],
    ids=["tie taken away", "name changed", "question changed"],
)
def test_what_it_tells_otherwise_than_the_map_now_takes_the_document_away(
    region: Region,
    mapper: User,
    organisations: list[Organisation],
    withdrawn: Callable[[Organisation], object],
) -> None:
    written(region, mapper)
    picture = published(region, mapper)
    assert shown_picture_of(region) == picture
    withdrawn(organisations[0])
    assert shown_picture_of(region) is None


def test_what_is_withdrawn_while_the_document_is_drawn_keeps_it_from_everybody(
    region: Region, mapper: User, organisations: list[Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    written(region, mapper)

    def drawn(**given: Any) -> bytes:
        pdf = render_pdf(**given)
        Organisation.objects.filter(pk=organisations[2].pk).update(published_at=None)
        return pdf

    monkeypatch.setattr("pictures.views.regional_pdf.render_pdf", drawn)
    picture = made(region, mapper)
    with pytest.raises(RuleViolation, match="openbaar"):
        publish_regional_picture(
            picture_id=picture.pk, region=region, seen=picture.sha256, actor=mapper, at=AT
        )


def test_a_request_that_was_received_earlier_can_take_it_back_later(region: Region, mapper: User) -> None:
    written(region, mapper)
    picture = published(region, mapper)
    assert picture.published_at is not None
    earlier = picture.published_at - timedelta(seconds=1)
    withdraw_regional_picture(picture_id=picture.pk, region=region, actor=mapper, at=earlier)
    assert shown_picture_of(region) is None


def test_only_what_was_made_for_everybody_is_published(client: Client, region: Region, mapper: User) -> None:
    written(region, mapper)
    own, waiting = made(region, mapper, Readers.REGION), asked(region, mapper, Readers.EVERYBODY)
    for picture in (own, waiting):
        assert client.get(address("publish_regional", region, picture.key)).status_code == 404
        with pytest.raises(RuleViolation):
            publish_regional_picture(
                picture_id=picture.pk, region=region, seen=picture.sha256, actor=mapper, at=AT
            )
    assert client.get(address("regional_pdf", region, waiting.key)).status_code == 404
    with pytest.raises(NewerVersion):
        publish_regional_picture(picture_id=own.pk, region=region, seen="", actor=mapper, at=AT)


def test_kwartiermakers_of_the_region_and_administrators_read_it_and_nobody_else(
    client: Client, region: Region, mapper: User
) -> None:
    written(region, mapper)
    picture = made(region, mapper, Readers.REGION)
    claims = pending_for(mapped("Een", region, mapper, municipality=region.municipalities.get()))
    for user, status in (
        (mapper, 200),
        (person(Role.ADMINISTRATOR), 200),
        (mapper_of(RegionFactory.create()), 404),
        (person(Role.OFFICER), 404),
        (claims, 404),
    ):
        log_in(client, user, second_factor=True)
        assert client.get(address("regional", region)).status_code == status
        assert client.get(address("regional_pdf", region, picture.key)).status_code == status
        writes = client.post(address("regional", region), {"text": "x", "sources": "", "seen_version": "1"})
        assert writes.status_code == (302 if user == mapper else 404)


def test_asking_on_the_page(client: Client, region: Region, mapper: User) -> None:
    page = address("ask_regional", region)
    refused = client.post(page, {"readers": "region", "key": str(uuid4())}, follow=True)
    assert "Schrijf eerst een tekst en sla die op." in refused.content.decode()
    written(region, mapper)
    assert "Kies voor wie het is." in client.post(page, {"readers": "x"}, follow=True).content.decode()
    key = str(uuid4())
    for _click in range(2):
        done = client.post(page, {"readers": "everyone", "key": key}, follow=True)
    assert "we zijn ermee bezig" in done.content.decode()
    assert RegionalPicture.objects.count() == 1


def test_one_person_has_some_made_in_a_day_and_a_second_click_counts_once(
    region: Region, mapper: User
) -> None:
    written(region, mapper)
    key = uuid4()
    for number in range(MOST_BY_ONE_PERSON_A_DAY):
        asked(region, mapper, Readers.REGION, key if not number else None)
        RegionalPicture.objects.update(made_at=AT, stored_as="documents/x.pdf", sha256="0" * 64)
    assert asked(region, mapper, Readers.REGION, key).key == key
    with pytest.raises(TooMuch):
        asked(region, mapper, Readers.REGION)
    assert asked(region, mapper_of(region), Readers.REGION).made_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_regional_page_takes_the_same_queries_however_many_pictures(
    client: Client,
    region: Region,
    mapper: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    written(region, mapper)
    for _time in range(count):
        asked(region, mapper, Readers.REGION)
    with django_assert_num_queries(7):
        client.get(address("regional", region))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("regional_picture_for_known_readers", {"readers": "nobody"}),
        ("regional_picture_made_has_its_file", {"stored_as": ""}),
        ("regional_picture_made_has_its_file", {"made_at": None}),
        ("regional_picture_public_only_when_made_for_everybody", {"readers": "region"}),
        ("regional_picture_withdrawn_only_once_public", {"withdrawn_at": AT, "published_at": None}),
    ],
)
def test_a_regional_picture_is_what_it_says(
    region: Region, mapper: User, name: str, values: dict[str, object]
) -> None:
    written(region, mapper)
    picture = published(region, mapper)
    with refused_by(name):
        force(picture, **values)


def test_a_region_has_one_public_picture(region: Region, mapper: User) -> None:
    written(region, mapper)
    published(region, mapper)
    other = made(region, mapper)
    with refused_by("regional_picture_one_public_per_region"):
        force(other, published_at=AT)
