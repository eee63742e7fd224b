"""What feed readers and search engines get: news of a region, the map of the site, and the head of a page."""

import re
from datetime import timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from letters.models import Letter
from tests.breaking import force
from tests.decided_world import send
from tests.factories.accounts import log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in
from tests.factories.regions import RegionFactory
from tests.factories.scenarios import produced

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def news_of(client: Client, slug: str) -> list[tuple[str | None, ...]]:
    """Return title, text, moment and key of what a region's feed tells."""
    feed = ET.fromstring(client.get(reverse("website:region_feed", args=[slug])).content)
    read = ("title", "summary", "updated", "id")
    return [tuple(each.findtext(f"{ATOM}{name}") for name in read) for each in feed.iter(f"{ATOM}entry")]


def test_a_region_tells_of_grants_and_of_organisations_that_became_public(client: Client) -> None:
    case = produced()
    force(case, title="Samen <aan> tafel")
    region = case.coalition.region
    shown, hidden = organisation_in(region, name="Wel"), organisation_in(region, name="Niet")
    assert hidden.published_at is None
    assert news_of(client, region.slug) == []
    officer = KwartiermakerAssignmentFactory.create(region=region).user
    force(shown, published_at=AT, published_by=officer, mapped_at=AT, description="Wij & <b>zij</b>, <18")
    send(Letter.objects.get(decision__application=case))
    (grant, organisation) = news_of(client, region.slug)
    assert organisation == (
        "Wel staat op de kaart",
        "<p>Wij &amp; &lt;b&gt;zij&lt;/b&gt;, &lt;18</p>",
        "2024-05-01T08:00:00+00:00",
        f"tag:{urlsplit(settings.PUBLIC_ADDRESS).hostname},2024:organisation/20240501080000000000/wel",
    )
    assert (grant[0] or "").endswith("voor “Samen <aan> tafel”")
    # The day of the decision, and not the moment of it or of the letter (rule 26).
    assert (grant[2] or "").endswith("T00:00:00+02:00")


def test_a_feed_is_in_the_language_of_its_address(client: Client) -> None:
    region = RegionFactory.create()
    with translation.override("en"):
        feed = ET.fromstring(client.get(reverse("website:region_feed", args=[region.slug])).content)
    assert feed.findtext(f"{ATOM}subtitle") == f"Organisations and grants in the region {region.name}"
    links = [each.get("href") for each in feed.iter(f"{ATOM}link")]
    assert links[0] == f"{settings.PUBLIC_ADDRESS}/en/regios/{region.slug}/"


@pytest.mark.parametrize("count", [1, 3])
def test_a_feed_takes_the_same_queries_however_much_there_is(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    region = RegionFactory.create()
    officer = KwartiermakerAssignmentFactory.create(region=region).user
    for number in range(count):
        at = AT + timedelta(hours=number)
        force(organisation_in(region), published_at=at, published_by=officer, mapped_at=AT)
    with django_assert_num_queries(4):
        assert len(news_of(client, region.slug)) == count


def test_the_map_of_the_site_has_every_public_page_in_each_language(client: Client) -> None:
    region = RegionFactory.create()
    found = ET.fromstring(client.get("/sitemap.xml", headers={"host": "testserver"}).content)
    addresses = {each.text for each in found.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    for path in (
        "/",
        "/en/",
        f"/regios/{region.slug}/",
        f"/en/regios/{region.slug}/",
        "/verleende-subsidies/",
    ):
        assert f"{settings.PUBLIC_ADDRESS}{path}" in addresses
    answers = {
        each: client.get(str(each).removeprefix(settings.PUBLIC_ADDRESS)).status_code for each in addresses
    }
    assert set(answers.values()) == {200}
    assert f"Sitemap: {settings.PUBLIC_ADDRESS}/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_the_head_of_a_public_page_says_its_address_and_what_it_is(client: Client) -> None:
    region = RegionFactory.create(name="'t Hart & Co")
    page = client.get(reverse("website:region", args=[region.slug], query={"via": "x"})).content.decode()
    assert f'<link rel="canonical" href="{settings.PUBLIC_ADDRESS}/regios/{region.slug}/">' in page
    described = re.search(r'<meta\s+name="description"\s+content="\s*([^"]+?)\s*"', page)
    assert described is not None
    assert described[1].startswith("Participatie in de regio &#x27;t Hart &amp; Co: wie hier actief is")
    assert '<meta property="og:locale" content="nl_NL">' in page
    log_in(client, person())
    assert "canonical" not in client.get(reverse("website:region", args=[region.slug])).content.decode()
