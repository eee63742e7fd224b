"""Earlier versions of the text of a regional picture are kept, seen and put back (rules 12 and 32)."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed
from hubportal.kernel.versions import NewerVersion
from pictures.domain.regional_texts import put_back_regional_text, save_regional_text
from pictures.models import EarlierText, RegionalText
from pictures.regional_queries import VERSIONS_KEPT, earlier_texts_of, text_of
from regions.models import Region
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.regions import RegionFactory
from tests.pages import page_text
from tests.pictures.pictured import mapper_of
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden", slug="het-midden")
    return region


@pytest.fixture
def mapper(region: Region) -> User:
    return mapper_of(region)


def write(region: Region, actor: User, text: str, at: datetime = AT) -> RegionalText:
    seen = text_of(region).version
    return save_regional_text(region=region, text=text, sources="", seen_version=seen, actor=actor, at=at)


def kept(region: Region) -> list[tuple[int, str, User | None, datetime]]:
    return [(each.version, each.text, each.saved_by, each.saved_at) for each in earlier_texts_of(region)]


def test_what_another_person_or_another_time_left_is_kept(region: Region, mapper: User) -> None:
    colleague = mapper_of(region)
    for minutes, typed in ((0, "E"), (1, "Een"), (9, "Een."), (10, "Twee")):
        write(region, mapper, typed, AT + minutes * MINUTE)
    assert kept(region) == [(3, "Een.", mapper, AT + 9 * MINUTE)]
    write(region, colleague, "Drie", AT + 16 * MINUTE)
    # Nothing more is kept of what changed nothing.
    write(region, colleague, "Drie", AT + 60 * MINUTE)
    assert kept(region) == [
        (4, "Twee", mapper, AT + 10 * MINUTE),
        (3, "Een.", mapper, AT + 9 * MINUTE),
    ]


def test_what_is_emptied_by_a_slip_is_kept_at_once(region: Region, mapper: User) -> None:
    long = "Wij gaan langs bij mensen thuis. " * 12
    write(region, mapper, long)
    write(region, mapper, f"{long}En dan?", AT + MINUTE)
    assert kept(region) == []
    write(region, mapper, "", AT + 2 * MINUTE)
    assert kept(region) == [(2, f"{long}En dan?", mapper, AT + MINUTE)]


def test_the_database_keeps_each_version_once(region: Region, mapper: User) -> None:
    write(region, mapper, "Een")
    write(region, mapper, "Twee", AT + 15 * MINUTE)
    [row] = EarlierText.objects.values()
    del row["id"]
    with refused_by("earlier_text_once_per_version"):
        EarlierText.objects.create(**row)


def test_the_last_thirty_are_kept(region: Region, mapper: User) -> None:
    elsewhere = RegionFactory.create()
    write(elsewhere, mapper_of(elsewhere), "Daar")
    for number in range(VERSIONS_KEPT + 5):
        write(region, mapper, f"Tekst {number}", AT + number * 20 * MINUTE)
    assert [version for version, *_rest in kept(region)] == list(range(VERSIONS_KEPT + 4, 4, -1))


def test_an_earlier_text_is_put_back_and_nothing_is_lost(region: Region, mapper: User) -> None:
    write(region, mapper, "Een")
    write(region, mapper, "Twee", AT + 20 * MINUTE)
    for _click in range(2):
        put_back_regional_text(region=region, version=1, seen_version=2, actor=mapper, at=AT + 21 * MINUTE)
    now = text_of(region)
    assert (now.text, now.version, now.changed_by) == ("Een", 3, mapper)
    assert [(version, text) for version, text, *_rest in kept(region)] == [(2, "Twee"), (1, "Een")]
    assert AuditEvent.objects.filter(act="pictures.text_put_back").count() == 1


def test_a_newer_text_and_another_region_are_refused(region: Region, mapper: User) -> None:
    write(region, mapper, "Een")
    write(region, mapper, "Twee", AT + 20 * MINUTE)
    write(region, mapper_of(region), "Drie", AT + 21 * MINUTE)
    with pytest.raises(NewerVersion):
        put_back_regional_text(region=region, version=1, seen_version=2, actor=mapper, at=AT)
    with pytest.raises(NotAllowed):
        put_back_regional_text(
            region=region, version=1, seen_version=3, actor=mapper_of(RegionFactory.create()), at=AT
        )
    with pytest.raises(EarlierText.DoesNotExist):
        put_back_regional_text(region=region, version=3, seen_version=3, actor=mapper, at=AT)
    assert text_of(region).text == "Drie"


def test_the_page_shows_both_texts_and_puts_one_back(client: Client, region: Region, mapper: User) -> None:
    log_in(client, mapper)
    write(region, mapper, "De <b>oude</b> tekst")
    write(region, mapper, "De nieuwe tekst", AT + 20 * MINUTE)
    listed = client.get(reverse("pictures:earlier_texts", args=[region.slug]))
    assert mapper.full_name in page_text(listed)
    address = reverse("pictures:earlier_text", args=[region.slug, 1])
    assert address in listed.content.decode()
    page = client.get(address).content.decode()
    assert re.search(r"<del>[^/]*weggehaald: </span>[^/]*nieuwe", page)
    assert "<b>oude" not in page
    stale = client.post(address, {"seen_version": "1"})
    assert (stale.status_code, text_of(region).text) == (409, "De nieuwe tekst")
    for typed in ("", "x", "9" * 12):
        assert client.post(address, {"seen_version": typed}).status_code == 409
    assert client.post(address, {"seen_version": "2"}).status_code == 302
    assert text_of(region).text == "De <b>oude</b> tekst"
    assert client.get(reverse("pictures:earlier_text", args=[region.slug, 9])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_many_there_are(
    client: Client,
    region: Region,
    mapper: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    log_in(client, mapper)
    for number in range(count + 1):
        write(region, mapper, f"Tekst {number}", AT + number * 20 * MINUTE)
    with django_assert_num_queries(6):
        client.get(reverse("pictures:earlier_texts", args=[region.slug]))
