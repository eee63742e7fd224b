"""A region's page for programs: only what its readers read, and never a way out of the data (rules 22 and 26)."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import scenarios
from tests.factories.regions import RegionFactory
from tests.website.test_region_pages import placed
from website.domain.grants import PublicGrant
from website.views.linked_data import region_as_data

pytestmark = pytest.mark.django_db

DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def data_of(client: Client, slug: str) -> list[dict[str, object]]:
    page = client.get(reverse("website:region", args=[slug])).content.decode()
    [text] = DATA.findall(page)
    found: list[dict[str, object]] = json.loads(text)["@graph"]
    return found


def test_a_region_names_its_code_and_its_municipalities(client: Client) -> None:
    region = RegionFactory.create(name="</script><b>Zee & Duin")
    placed(region, "Zeedorp")
    [place] = data_of(client, region.slug)
    assert (place["name"], place["identifier"], place["@type"]) == (
        region.name,
        region.code,
        "AdministrativeArea",
    )
    contained = place["containsPlace"]
    assert isinstance(contained, list)
    assert [each["name"] for each in contained] == ["Zeedorp"]


def test_an_application_shows_only_once_it_is_a_grant_that_was_told(client: Client) -> None:
    case = scenarios.submitted()
    assert len(data_of(client, case.coalition.region.slug)) == 1


def test_a_grant_is_told_with_its_amount_in_euros() -> None:
    grant = PublicGrant(
        reference="CRP24-1", title="Gehoord & gezien", coalition="C", region="R", region_slug="r", call="O",
        round_number=1, lead="", partners=(), unnamed_partners=1, starts_on=None, ends_on=None,  # type: ignore[arg-type]
        amount=Decimal("1250.50"), decided_on=None,  # type: ignore[arg-type]
    )  # fmt: skip
    written = json.loads(region_as_data(RegionFactory.create(), [], [grant]))["@graph"][1]
    assert (written["name"], written["amount"]["value"], written["amount"]["currency"]) == (
        "Gehoord & gezien",
        "1250.50",
        "EUR",
    )


@pytest.mark.parametrize(
    ("address", "linked"),
    [
        (None, "https://www.regiobeeld.nl/zorggebruik?regio={code}&amp;nederland=NL01"),
        ("https://cijfers.example/regio/{code}/", "https://cijfers.example/regio/{code}/"),
        ("", None),
    ],
)
def test_the_national_statistics_are_linked_by_the_code_of_the_region(
    client: Client, settings: Any, address: str | None, linked: str | None
) -> None:
    region = RegionFactory.create()
    if address is not None:
        settings.REGIONAL_STATISTICS = address
    page = client.get(reverse("website:region", args=[region.slug])).content.decode()
    assert ("Landelijke cijfers" in page) == (linked is not None)
    assert linked is None or f'href="{linked.replace("{code}", region.code)}"' in page
