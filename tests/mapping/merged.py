"""Rows of a map that are merged, and made two again."""

from datetime import date, timedelta
from typing import Any

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from mapping.domain.merging import merge_organisations
from mapping.domain.organisations import add_to_map
from mapping.domain.questions import save_question
from mapping.domain.rows import MapFacts
from mapping.domain.unmerging import undo_merge
from mapping.enums import KEPT_IN_BIN
from mapping.models import Engagement, MapEntry, Merge
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from regions.models import Region
from tests.factories.accounts import person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT

LATER = AT + timedelta(days=3)
LONG_AFTER = AT + KEPT_IN_BIN + timedelta(minutes=1)


def kwartiermaker(*regions: Region) -> User:
    user = person(Role.KWARTIERMAKER)
    for each in regions:
        KwartiermakerAssignmentFactory.create(user=user, region=each)
    return user


def mapped(
    name: str, region: Region, actor: User, *, talk: dict[str, Any] | None = None, **facts: Any
) -> Organisation:
    more = MapFacts(facts.pop("reaches", frozenset()), **(talk or {}))
    return add_to_map(facts=OrganisationFacts(name, **facts), region=region, more=more, actor=actor, at=AT)


def merge(one: Organisation, other: Organisation, region: Region, actor: User, **values: Any) -> Merge:
    values.setdefault("chosen", {})
    return merge_organisations(one_id=one.pk, other_id=other.pk, region=region, actor=actor, at=AT, **values)


def undo(merged: Merge, region: Region, actor: User) -> None:
    undo_merge(merge_id=merged.pk, region=region, actor=actor, at=LATER)


def asked(title: str, region: Region, actor: User, forms: dict[Organisation, str]) -> None:
    values: dict[str, Any] = {"title": title, "description": "", "municipality": None}
    save_question(
        region=region, **values, forms={each: [form] for each, form in forms.items()}, actor=actor, at=AT
    )


def everything() -> dict[str, Any]:
    """Return all that the map says, but versions and who wrote them when."""
    left_out = {"version", "changed_at", "changed_by_id", "published_at", "published_by_id", "_state"}
    rows = [
        *Organisation.objects.order_by("pk"),
        *MapEntry.objects.order_by("pk"),
        *Engagement.objects.order_by("pk"),
    ]
    said: dict[str, Any] = {
        f"{each._meta.model_name} {each.pk}": {k: v for k, v in vars(each).items() if k not in left_out}
        for each in rows
    }
    for each in Organisation.objects.all():
        said[f"works in {each.pk}"] = set(each.works_in.all())
        said[f"reaches {each.pk}"] = set(each.reaches.all())
        said[f"public {each.pk}"] = each.published_at is not None
    return said


def two(region: Region, mapper: User) -> tuple[Organisation, Organisation]:
    """Return two rows that say different things, with talks and involvement."""
    one = mapped(
        "Wijkraad Zuid",
        region,
        mapper,
        website="https://zuid.example",
        streams=["residents"],
        role="life",
        talk={"talk": "talked", "notes": "Eerste", "next_on": date(2024, 9, 2)},
    )
    other = mapped(
        "Stichting Wijkraad Zuid",
        region,
        mapper,
        kvk_number="12345678",
        role="system",
        public_contact="info@zuid.example",
        municipality=region.municipalities.get(),
        reaches=frozenset(region.municipalities.all()),
        talk={"talk": "to_call", "notes": "Tweede", "next_on": date(2024, 8, 1)},
    )
    asked("Samen", region, mapper, {one: "inform", other: "coproduce"})
    asked("Een alleen", region, mapper, {one: "advise"})
    asked("Ander alleen", region, mapper, {other: "consult"})
    return one, other
