"""What was saved in the form of an organisation is put back as it stood: all of it or nothing, and never over somebody else."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from mapping.domain.cells import save_cell
from mapping.domain.organisations import add_to_map
from mapping.domain.publishing import publish_organisation
from mapping.domain.removing import remove_from_map
from mapping.domain.rows import MapFacts, row_version
from mapping.models import MapEntry
from mapping.queries import entry_of
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation, OrganisationKind
from regions.models import Region
from tests.factories.accounts import log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.regions import MunicipalityFactory, RegionFactory

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=1)
NOW = {
    "name": "Nieuwe naam", "other_names": "NN", "kind": "raad", "streams": ["patients", "residents"], "role": "life",
    "reach": "region", "reaches": "Aalsmeer, Zeist", "neighbourhood": "De Hoek", "domains": ["youth"],
    "kvk_number": "12345678", "website": "voorbeeld.example", "public_contact": "020 123 45 67",
    "description": "Een zin.\r\nNog een.", "talk": "talked", "next_on": "2024-05-03", "notes": "Bellen\r\nna de zomer",
    "legal_form": "foundation", "municipality": "GM9901",
}  # fmt: skip


def kwartiermaker(*regions: Region) -> User:
    user = person(Role.KWARTIERMAKER)
    for each in regions:
        KwartiermakerAssignmentFactory.create(user=user, region=each)
    return user


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    MunicipalityFactory.create(name="Aalsmeer", code="GM9901", region=region)
    MunicipalityFactory.create(name="Zeist", code="GM9902", region=region)
    OrganisationKind.objects.create(code="raad", name="Raad", name_in_english="Council", position=1)
    return region


@pytest.fixture
def mapper(client: Client, region: Region) -> User:
    user = kwartiermaker(region)
    log_in(client, user)
    return user


def added(region: Region, actor: User, **facts: Any) -> Organisation:
    more = MapFacts(notes="Oude notitie", next_on=date(2024, 4, 12))
    told = OrganisationFacts("Oude naam", **facts)
    return add_to_map(facts=told, region=region, more=more, actor=actor, at=AT)


def page_of(region: Region, row: Organisation) -> str:
    return reverse("mapping:organisation", args=[region.slug, row.map_key])


def stood(client: Client, region: Region, row: Organisation) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(client.get(page_of(region, row)).context["stood"])
    return found


def acts(client: Client, region: Region) -> list[dict[str, Any]]:
    page = client.get(reverse("mapping:workspace", args=[region.slug]))
    found: list[dict[str, Any]] = json.loads(page.context["acts"])
    return found


def saved(client: Client, region: Region, row: Organisation, **typed: Any) -> dict[str, Any]:
    """Save the form as a browser does, and return the act as the tab knows it."""
    before = stood(client, region, row)
    shown = {name: each if name in {"streams", "domains"} else each[0] for name, each in before.items()}
    shown.pop("public")
    version = row_version(Organisation.objects.get(pk=row.pk), entry_of(row, region))
    sent = shown | typed | {"seen_version": version}
    assert client.post(page_of(region, row), sent).status_code == 302
    [act] = acts(client, region)
    assert (act["kind"], act["row"], act["seen"]) == ("changed", str(row.map_key), version)
    was = {name: sent.get(name, "") for name in act["names"]}
    return {"names": act["names"], "stood": before, "was": was}


def undo(client: Client, region: Region, row: Organisation, act: dict[str, Any], **more: Any) -> HttpResponse:
    asked: dict[str, Any] = {"kind": "changed", "at": AT.isoformat(), "field": act["names"], **more}
    asked |= {f"value-{name}": act["stood"][name] for name in act["names"]}
    asked |= {f"was-{name}": act["was"][name] for name in act["names"]}
    address = reverse("mapping:undo", args=[region.slug, row.map_key])
    return client.post(address, asked, headers={"accept": "application/json"})


def as_it_stands(row: Organisation, region: Region) -> dict[str, Any]:
    now = Organisation.objects.get(pk=row.pk)
    kept = {each.attname: getattr(now, each.attname) for each in Organisation._meta.concrete_fields}
    entry = entry_of(now, region)
    kept |= {each: getattr(entry, each) for each in ("talk", "next_on", "notes")}
    kept["reaches"] = {each.name for each in now.reaches.all()}
    return {
        name: each for name, each in kept.items() if name not in {"version", "changed_at", "changed_by_id"}
    }


def test_all_fields_of_the_form_go_back_and_a_second_time_changes_nothing(
    client: Client, region: Region, mapper: User
) -> None:
    row = added(region, mapper)
    before = as_it_stands(row, region)
    act = saved(client, region, row, **NOW)
    assert act["names"] == sorted(NOW)
    assert as_it_stands(row, region)["name"] == "Nieuwe naam"
    for _each in range(2):
        answer = undo(client, region, row, act)
        told = answer.json()
        assert answer.status_code == 200, told
        assert told["message"].startswith("Ongedaan gemaakt: Oude naam, Naam van de organisatie, ")
        assert "Oude naam" in told["rows"][0]
        assert as_it_stands(row, region) == before
    assert AuditEvent.objects.filter(act="mapping.organisation_changed").count() == 2


def test_only_what_was_changed_is_told_and_nothing_that_stood_there(
    client: Client, region: Region, mapper: User
) -> None:
    """What the page told of notes is of the tab alone: the session holds names."""
    row = added(region, mapper)
    client.post(
        page_of(region, row),
        {"name": "Oude naam", "notes": "Nieuw", "next_on": "2024-04-12", "seen_version": 2},
    )
    kept = json.dumps(dict(client.session))
    assert '"names": ["notes"]' in kept
    assert "Oude notitie" not in kept
    assert "Nieuw" not in kept
    assert [each["names"] for each in acts(client, region)] == [["notes"]]
    assert acts(client, region) == []


def test_what_was_saved_without_a_change_is_nothing_to_undo(
    client: Client, region: Region, mapper: User
) -> None:
    """Somebody else wrote the same: that is theirs."""
    row, colleague = added(region, mapper), kwartiermaker(region)
    typed = {"name": "Oude naam", "notes": "Van een ander", "next_on": "2024-04-12", "seen_version": 2}
    save_cell(
        organisation_id=row.pk, region=region, field="notes", value="Van een ander", seen_version=2, actor=colleague, at=LATER
    )  # fmt: skip
    assert client.post(page_of(region, row), typed).status_code == 302
    assert acts(client, region) == []


def test_what_somebody_changed_since_keeps_all_of_it_and_says_who(
    client: Client, region: Region, mapper: User
) -> None:
    """Rule 12."""
    row, colleague = added(region, mapper), kwartiermaker(region)
    act = saved(client, region, row, neighbourhood="De Hoek", notes="Nieuw")
    save_cell(
        organisation_id=row.pk, region=region, field="notes", value="Van een ander", was="Nieuw", seen_version=9,
        actor=colleague, at=LATER,
    )  # fmt: skip
    before = as_it_stands(row, region)
    answer = undo(client, region, row, act)
    assert (answer.status_code, answer.json()["message"]) == (
        422,
        f"Niet ongedaan gemaakt: Oude naam. {colleague.full_name} wijzigde dit sindsdien: Notities.",
    )
    assert "Van een ander" in answer.json()["rows"][0]
    assert as_it_stands(row, region) == before


def test_what_somebody_changed_elsewhere_in_the_row_is_no_hindrance(
    client: Client, region: Region, mapper: User
) -> None:
    row, colleague = added(region, mapper), kwartiermaker(region)
    act = saved(client, region, row, neighbourhood="De Hoek")
    save_cell(
        organisation_id=row.pk, region=region, field="notes", value="Van een ander", was="Oude notitie", seen_version=9,
        actor=colleague, at=LATER,
    )  # fmt: skip
    assert undo(client, region, row, act).status_code == 200
    stands = as_it_stands(row, region)
    assert (stands["neighbourhood"], stands["notes"]) == ("", "Van een ander")


def test_what_was_published_with_it_is_hidden_again_and_comes_back_only_as_it_is_seen(
    client: Client, region: Region, mapper: User
) -> None:
    """Rules 23 and 30."""
    row = added(region, mapper)
    act = saved(client, region, row, description="Een zin.", public="yes")
    assert act["names"] == ["description", "public"]
    assert Organisation.objects.get().published_at is not None
    assert undo(client, region, row, act).status_code == 200
    now = Organisation.objects.get()
    assert (now.published_at, now.description) == (None, "")
    publish_organisation(organisation_id=row.pk, actor=mapper, at=LATER)
    act = saved(client, region, row, description="Een ander.", public="no")
    version = row_version(Organisation.objects.get(), entry_of(row, region))
    refused = undo(client, region, row, act, seen_version=version - 1)
    assert (refused.status_code, Organisation.objects.get().description) == (422, "Een ander.")
    assert "nieuwere versie" in refused.json()["message"]
    assert undo(client, region, row, act, seen_version=version).status_code == 200
    now = Organisation.objects.get()
    assert (now.published_at is not None, now.description) == (True, "")


def test_the_buttons_that_publish_and_hide_are_undone_too(
    client: Client, region: Region, mapper: User
) -> None:
    row = added(region, mapper)
    for name, value in (("publish", ["no"]), ("withdraw", ["yes"])):
        for _click in range(2):
            client.post(reverse(f"mapping:{name}", args=[region.slug, row.map_key]))
        [act] = acts(client, region)
        assert (act["kind"], act["fields"]["public"]["value"]) == ("changed", value)


def test_another_number_goes_back_too_unless_somebody_has_it(
    client: Client, region: Region, mapper: User
) -> None:
    row = added(region, mapper, kvk_number="11111111")
    act = saved(client, region, row, kvk_number="22222222")
    other = add_to_map(
        facts=OrganisationFacts("Ander", kvk_number="11111111"), region=region, actor=mapper, at=AT
    )
    refused = undo(client, region, row, act)
    assert (refused.status_code, Organisation.objects.get(pk=row.pk).kvk_number) == (422, "22222222")
    assert "Er is al een organisatie met dit KvK-nummer." in refused.json()["message"]
    remove_from_map(organisation_id=other.pk, region=region, actor=mapper, at=AT)
    Organisation.objects.filter(pk=other.pk).delete()
    assert undo(client, region, row, act).status_code == 200
    assert Organisation.objects.get(pk=row.pk).kvk_number == "11111111"


@pytest.mark.parametrize(
    ("name", "value"),
    [("name", ""), ("kind", "onzin"), ("municipality", "GM0000"), ("version", "9"), ("published_at", ""), ("notes", "x" * 3001)],
)  # fmt: skip
def test_what_no_form_can_hold_is_refused_and_changes_nothing(
    client: Client, region: Region, mapper: User, name: str, value: str
) -> None:
    row = added(region, mapper)
    before = as_it_stands(row, region)
    act = {"names": [name], "stood": {name: [value]}, "was": {name: [before.get(name) or ""]}}
    answer = undo(client, region, row, act)
    assert (answer.status_code, as_it_stands(row, region)) == (422, before)
    assert answer.json()["message"].startswith("Niet ongedaan gemaakt: Oude naam.")
    nothing = undo(client, region, row, {"names": [], "stood": {}, "was": {}})
    assert (nothing.status_code, as_it_stands(row, region)) == (422, before)


def test_what_is_off_the_map_is_not_restored(client: Client, region: Region, mapper: User) -> None:
    row = added(region, mapper)
    act = saved(client, region, row, notes="Nieuw")
    remove_from_map(organisation_id=row.pk, region=region, actor=mapper, at=LATER)
    answer = undo(client, region, row, act)
    assert (answer.status_code, answer.json()["message"]) == (
        422,
        "Niet ongedaan gemaakt: deze organisatie staat niet meer op deze kaart.",
    )
    assert MapEntry.objects.get().notes == "Nieuw"


def test_over_a_newer_version_what_was_shown_of_that_is_what_stood(
    client: Client, region: Region, mapper: User
) -> None:
    row, colleague = added(region, mapper), kwartiermaker(region)
    save_cell(
        organisation_id=row.pk, region=region, field="notes", value="Van een ander", seen_version=2, actor=colleague, at=LATER
    )  # fmt: skip
    typed = {"name": "Oude naam", "notes": "Van mij", "next_on": "2024-04-12", "seen_version": 2}
    page = client.post(page_of(region, row), typed)
    assert page.status_code == 409
    assert json.loads(page.context["stood"])["notes"] == ["Van een ander"]
