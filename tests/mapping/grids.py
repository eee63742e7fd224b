"""Rows of a grid, as a kwartiermaker adds, saves and sees them."""

from typing import Any

from django.test import Client
from django.urls import reverse

from hubportal.accounts.models import User
from mapping.domain.organisations import add_to_map
from mapping.domain.rows import MapFacts
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from regions.models import Region
from tests.factories.moments import AT


def mapped(name: str, region: Region, actor: User, *, notes: str = "", **facts: Any) -> Organisation:
    more = MapFacts(frozenset(facts.pop("reaches", [])), notes=notes)
    return add_to_map(facts=OrganisationFacts(name, **facts), region=region, more=more, actor=actor, at=AT)


def shown(client: Client, region: Region, asked: dict[str, str] | None = None) -> list[str]:
    page = client.get(reverse("mapping:workspace", args=[region.slug]), asked or {})
    return [each.organisation.name for each in page.context["page"]]


def save(client: Client, row: Organisation, region: Region, *, script: bool = True, **typed: Any) -> Any:
    page = reverse("mapping:save_cell", args=[region.slug, row.map_key])
    headers = {"Accept": "application/json"} if script else {}
    return client.post(page, {"seen_version": "1", **typed}, headers=headers)


def add(client: Client, region: Region, *, script: bool = True, **typed: str) -> Any:
    headers = {"Accept": "application/json"} if script else {}
    return client.post(reverse("mapping:add_row", args=[region.slug]), typed, headers=headers)
