"""What a browser sees of a row stays as it was, whichever organisation of the portal has its number (rule 26)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hubportal.accounts.models import User
from mapping.domain.cells import save_cell
from mapping.domain.merging import merge_organisations
from mapping.domain.organisations import add_to_map
from mapping.domain.publishing import publish_organisation
from mapping.domain.questions import save_question
from mapping.domain.removing import empty_bin, remove_from_map
from mapping.domain.ties import tie_organisations
from mapping.enums import KEPT_IN_BIN, ParticipationForm, TieKind
from mapping.queries import entry_of, questions_in
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, speaker_for
from tests.factories.people import kwartiermaker_in
from tests.factories.regions import MunicipalityFactory, RegionFactory

pytestmark = pytest.mark.django_db

BEFORE, AFTER = "12345678", "99999999"
# Of all four: whether somebody holds on to the number before, and whether the portal knows the one after.
ALL_FOUR = [(is_held, is_known) for is_held in (False, True) for is_known in (False, True)]


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    MunicipalityFactory.create(region=region, name="Middelstad", code="GM9901", sort_name="middelstad")
    return region


@pytest.fixture
def mapper(client: Client, region: Region) -> User:
    user = kwartiermaker_in(region)
    log_in(client, user)
    return user


def mapped(region: Region, actor: User, number: str = "", name: str = "Zorgkring (fictief)") -> Organisation:
    facts = OrganisationFacts(name, kvk_number=number, municipality=region.municipalities.get())
    return add_to_map(facts=facts, region=region, actor=actor, at=AT)


def row_with_all(region: Region, actor: User) -> Organisation:
    """Return a public row between two of the same name, with a tie, a question and what was merged into it."""
    rows = [mapped(region, actor) for _ in range(3)]
    row = mapped(region, actor, BEFORE)
    merge_organisations(one_id=row.pk, other_id=rows[0].pk, region=region, chosen={}, actor=actor, at=AT)
    tie = {"one_id": row.pk, "other_id": rows[1].pk, "kind": TieKind.WORKS_WITH}
    tie_organisations(**tie, region=region, actor=actor, at=AT)
    question: dict[str, Any] = {"title": "Wie rijdt ons?", "description": "", "municipality": None}
    forms = {row: ParticipationForm.ADVISE, rows[1]: ParticipationForm.ADVISE}
    save_question(region=region, **question, forms=forms, actor=actor, at=AT)
    publish_organisation(organisation_id=row.pk, actor=actor, at=AT)
    publish_organisation(organisation_id=rows[1].pk, actor=actor, at=AT)
    row.refresh_from_db()
    return row


def seen(client: Client, region: Region, key: object) -> dict[str, str]:
    """Return all pages that a kwartiermaker sees of a row, and those that everybody sees, but how often it was saved."""
    of_row = [
        reverse(f"mapping:{name}", args=[region.slug, key]) for name in ("organisation", "remove", "tie")
    ]
    question = reverse("mapping:question", args=[region.slug, questions_in(region).get().pk])
    of_region = [reverse(f"mapping:{name}", args=[region.slug]) for name in ("workspace", "questions", "bin")]
    public = [reverse(f"website:{name}", args=[region.slug]) for name in ("region", "region_feed")]
    search = f"{reverse('mapping:doubles', args=[region.slug])}?name=Zorgkring"
    chosen = reverse("mapping:choose_merge", args=[region.slug, key])
    pages = [*of_row, *of_region, *public, question, search, chosen, f"{of_row[-1]}?zoek=zorg"]
    return {each: _text(client, each) for each in pages}


def _text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    text = answer.content.decode().replace(AFTER, BEFORE)
    for once in ("csrfmiddlewaretoken", "key", "seen_version"):
        text = re.sub(rf'name="{once}"\s+value="[^"]*"', "", text)
    return re.sub(r'nonce="[^"]*"|<updated>[^<]*|data-version="\d+"', "", text)


@pytest.mark.parametrize(("is_held", "is_known"), ALL_FOUR)
def test_another_number_changes_no_page_but_in_the_number(
    client: Client, region: Region, mapper: User, *, is_held: bool, is_known: bool
) -> None:
    row = row_with_all(region, mapper)
    if is_held:
        speaker_for(row)
    if is_known:
        OrganisationFactory.create(kvk_number=AFTER, name="Geheim", mapped_at=None)
    before, version = seen(client, region, row.map_key), row.version
    cell = reverse("mapping:save_cell", args=[region.slug, row.map_key])
    typed = {"field": "kvk_number", "value": AFTER, "was": BEFORE, "seen_version": str(version)}
    answer = client.post(cell, typed, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["version"]) == (200, version + 1)
    assert f'<tr id="rij-{row.map_key}" data-version="{version + 1}">' in answer.json()["row"]
    assert seen(client, region, row.map_key) == before


@pytest.mark.parametrize("was_mapped", [False, True])
def test_what_is_put_on_the_map_under_a_known_number_is_as_new_as_any(
    client: Client, region: Region, mapper: User, *, was_mapped: bool
) -> None:
    known = OrganisationFactory.create(kvk_number=AFTER, mapped_at=None)
    if was_mapped:
        known = mapped(region, mapper, AFTER)
        speaker_for(known)
        cell = {"organisation_id": known.pk, "field": "neighbourhood", "value": "Noord", "seen_version": 1}
        save_cell(**cell, region=region, actor=mapper, at=AT)
        remove_from_map(organisation_id=known.pk, region=region, actor=mapper, at=AT)
        empty_bin(entry_id=entry_of(known, region).pk, at=AT + KEPT_IN_BIN + timedelta(minutes=1))
        assert not organisations_in(region).exists()
    key = known.map_key
    rows = [mapped(region, mapper, number) for number in (AFTER, BEFORE)]
    assert (rows[0] == known, rows[0].map_key == key) == (True, False)
    told = [(each.version, each.changed_at, each.changed_by, each.neighbourhood) for each in rows]
    assert told == [(1, None, None, "")] * 2


def test_rows_of_one_name_stand_in_an_order_that_tells_nothing(region: Region, mapper: User) -> None:
    rows = [mapped(region, mapper) for _ in range(6)]
    assert list(organisations_in(region)) == sorted(rows, key=lambda each: each.map_key)


def test_no_address_takes_the_primary_key(client: Client, region: Region, mapper: User) -> None:
    row = mapped(region, mapper)
    form = reverse("mapping:organisation", args=[region.slug, row.map_key])
    assert client.get(form.replace(str(row.map_key), str(row.pk))).status_code == 404
    add = reverse("mapping:add_row", args=[region.slug])
    assert client.post(add, {"name": "Zorgkring", "take": str(row.pk)}).status_code == 404
