"""Undoing what one did with a whole row, from the grid: never over what somebody else did since (rules 12 and 26)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from mapping.domain.cells import save_cell
from mapping.domain.merging import merge_organisations
from mapping.domain.organisations import add_to_map
from mapping.domain.publishing import publish_organisation
from mapping.domain.questions import save_question
from mapping.domain.removing import put_back, remove_from_map
from mapping.domain.rows import MapFacts
from mapping.models import Merge
from mapping.queries import bin_of, entry_of
from mapping.views.acts import MOST_ACTS
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region
from tests.factories.accounts import log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.regions import RegionFactory

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=1)
STAYS = (
    "Iemand anders wijzigde deze organisatie nadat u haar op de kaart zette. Daarom blijft zij staan. U kunt haar nog wel van de kaart"
    " halen op haar eigen pagina."
)


BACK = "Wijkraad & Zonen staat weer op de kaart, met alles wat erbij bewaard was."


def kwartiermaker(*regions: Region) -> User:
    user = person(Role.KWARTIERMAKER)
    for each in regions:
        KwartiermakerAssignmentFactory.create(user=user, region=each)
    return user


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    return region


@pytest.fixture
def mapper(client: Client, region: Region) -> User:
    user = kwartiermaker(region)
    log_in(client, user)
    return user


def added(region: Region, actor: User, name: str = "Wijkraad & Zonen", **more: Any) -> Organisation:
    facts = OrganisationFacts(name)
    return add_to_map(facts=facts, region=region, more=MapFacts(**more), actor=actor, at=AT)


def undo(client: Client, region: Region, row: Organisation, kind: str, **more: Any) -> HttpResponse:
    address = reverse("mapping:undo", args=[region.slug, row.map_key])
    asked = {"kind": kind, "at": AT.isoformat(), **more}
    return client.post(address, asked, headers={"accept": "application/json"})


def acts(client: Client, region: Region) -> list[tuple[str, str]]:
    page = client.get(reverse("mapping:workspace", args=[region.slug]))
    return [(each["kind"], each["row"]) for each in json.loads(page.context["acts"])]


def test_what_was_put_on_the_map_goes_to_the_bin(client: Client, region: Region, mapper: User) -> None:
    row = added(region, mapper, notes="Bellen")
    for _each in range(2):
        answer = undo(client, region, row, "came")
        assert (answer.status_code, answer.json()) == (
            200,
            {
                "message": "Ongedaan gemaakt: deze organisatie staat niet meer op de kaart. U vindt haar 30 dagen in de prullenbak.",
                "rows": [],
                "gone": [str(row.map_key)],
            },
        )
    assert list(organisations_in(region)) == []
    assert [each.notes for each in bin_of(region)] == ["Bellen"]


@pytest.mark.parametrize("what", ["fact", "talk", "question"])
def test_what_a_colleague_did_with_it_since_keeps_it_on_the_map(
    client: Client, region: Region, mapper: User, what: str
) -> None:
    row, colleague = added(region, mapper), kwartiermaker(region)
    changed = {"region": region, "actor": colleague, "at": LATER}
    if what == "question":
        forms = {row: ["advise"]}
        save_question(title="Wat?", description="", municipality=None, forms=forms, **changed)
    else:
        field, value = ("website", "https://a.example") if what == "fact" else ("talk", "talked")
        save_cell(organisation_id=row.pk, field=field, value=value, seen_version=1, was="", **changed)
    answer = undo(client, region, row, "came")
    assert (answer.status_code, answer.json()["message"], list(organisations_in(region))) == (
        422,
        STAYS,
        [row],
    )


def test_ones_own_changes_do_not_hinder_undoing_it(client: Client, region: Region, mapper: User) -> None:
    row = added(region, mapper)
    changed = {"region": region, "actor": mapper, "at": LATER}
    save_cell(organisation_id=row.pk, field="talk", value="talked", seen_version=1, was="", **changed)
    assert (undo(client, region, row, "came").status_code, list(organisations_in(region))) == (200, [])


def test_what_was_taken_off_comes_back_with_its_row(client: Client, region: Region, mapper: User) -> None:
    row = added(region, mapper, notes="Bellen")
    remove_from_map(organisation_id=row.pk, region=region, actor=mapper, at=AT)
    for _each in range(2):
        answer = undo(client, region, row, "went")
        assert (answer.status_code, answer.json()["message"]) == (
            200,
            f"{BACK} Bezoekers zien de organisatie niet.",
        )
        [html] = answer.json()["rows"]
        assert f'id="rij-{row.map_key}"' in html
    assert entry_of(row, region).notes == "Bellen"


def test_it_says_whether_visitors_see_what_came_back(client: Client, region: Region, mapper: User) -> None:
    row = added(region, mapper)
    publish_organisation(organisation_id=row.pk, actor=mapper, at=AT)
    remove_from_map(organisation_id=row.pk, region=region, actor=mapper, at=AT)
    answer = undo(client, region, row, "went")
    assert answer.json()["message"] == f"{BACK} Bezoekers zien de organisatie."


def test_what_a_colleague_took_off_again_stays_off(client: Client, region: Region, mapper: User) -> None:
    row, colleague = added(region, mapper), kwartiermaker(region)
    remove_from_map(organisation_id=row.pk, region=region, actor=mapper, at=AT)
    put_back(organisation_id=row.pk, region=region, actor=colleague, at=AT)
    remove_from_map(organisation_id=row.pk, region=region, actor=colleague, at=LATER)
    answer = undo(client, region, row, "went")
    assert (answer.status_code, answer.json()["message"]) == (
        422,
        "Iemand anders heeft deze organisatie sindsdien van de kaart gehaald. U kunt haar nog terugzetten uit de prullenbak.",
    )
    assert list(organisations_in(region)) == []


def test_a_merge_is_undone_and_keeps_what_a_colleague_wrote_since(
    client: Client, region: Region, mapper: User
) -> None:
    one, other = added(region, mapper, "Een"), added(region, mapper, "Twee")
    merge = merge_organisations(
        one_id=one.pk, other_id=other.pk, region=region, chosen={"name": one.pk}, actor=mapper, at=AT
    )
    colleague = kwartiermaker(region)
    changed = {"region": region, "actor": colleague, "at": LATER}
    save_cell(organisation_id=merge.kept.pk, field="talk", value="talked", seen_version=9, was="", **changed)
    answer = undo(client, region, merge.kept, "merged", merge=merge.pk)
    assert (answer.status_code, len(answer.json()["rows"])) == (200, 2)
    assert set(organisations_in(region)) == {one, other}
    assert (entry_of(merge.kept, region).talk, Merge.objects.count()) == ("talked", 0)
    again = undo(client, region, merge.kept, "merged", merge=merge.pk)
    assert (again.status_code, again.json()["message"]) == (200, "Het zijn al twee organisaties.")


def test_of_what_is_not_on_the_map_or_in_the_bin_nothing_is_told(
    client: Client, region: Region, mapper: User
) -> None:
    """Rule 26."""
    elsewhere = RegionFactory.create()
    row = added(elsewhere, kwartiermaker(elsewhere))
    unknown = Organisation(map_key="00000000-0000-0000-0000-000000000001")
    for kind in ("came", "went", "merged", "split", "changed", "imported", "x"):
        told = [undo(client, region, each, kind, merge=1) for each in (row, unknown)]
        one, other = (str(each.json()).replace(str(row.map_key), str(unknown.map_key)) for each in told)
        assert one == other, kind
    assert list(organisations_in(elsewhere)) == [row]


def test_pages_tell_the_grid_once_and_in_order_what_was_done_with_rows(
    client: Client, region: Region, mapper: User
) -> None:
    one, other = added(region, mapper, "Een"), added(region, mapper, "Twee")

    def post(page: str, row: Organisation, *more: Any, **data: Any) -> None:
        address = reverse(f"mapping:{page}", args=[region.slug, row.map_key, *more])
        assert client.post(address, data).status_code == 302

    client.post(reverse("mapping:add_row", args=[region.slug]), {"name": "Drie"})
    post("remove", one)
    # A second click.
    post("remove", one)
    post("put_back", one)
    post("put_back", one)
    post("merge", one, other.map_key, **_choices(client, region, one, other))
    third = Organisation.objects.get(name="Drie")
    kept = Merge.objects.get().kept
    assert acts(client, region) == [
        ("came", str(third.map_key)),
        ("went", str(one.map_key)),
        ("came_back", str(one.map_key)),
        ("merged", str(kept.map_key)),
    ]
    assert acts(client, region) == []


def _choices(client: Client, region: Region, one: Organisation, other: Organisation) -> dict[str, str]:
    page = client.get(reverse("mapping:merge", args=[region.slug, one.map_key, other.map_key]))
    names = [each for each in page.context["form"].fields if each != "seen"]
    return {"seen": page.context["seen"], **{each: str(one.map_key) for each in names}}


def test_no_more_acts_are_kept_than_can_be_undone(client: Client, region: Region, mapper: User) -> None:
    row = added(region, mapper)
    for _each in range(MOST_ACTS // 2 + 1):
        client.post(reverse("mapping:remove", args=[region.slug, row.map_key]))
        client.post(reverse("mapping:put_back", args=[region.slug, row.map_key]))
    assert len(acts(client, region)) == MOST_ACTS
