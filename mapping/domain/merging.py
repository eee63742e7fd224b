"""Merging two organisations of the map that turned out to be one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.versions import check_shown
from mapping.agreement_queries import has_declined
from mapping.domain.carrying import carry_answers, carry_bins, carry_engagements, carry_entries, carry_ties
from mapping.domain.cells import value_of
from mapping.domain.leftovers import take_off_every_map
from mapping.domain.publishing import hide_under_number, set_public
from mapping.domain.question_versions import lock_questions_of, note_involvement
from mapping.domain.rows import is_same, row_version, save_shared
from mapping.events import MERGED
from mapping.models import MapEntry, Merge
from mapping.permissions import may_edit, may_map
from mapping.queries import entry_of
from organisations.domain.following import follow
from organisations.models import Organisation
from organisations.queries import organisations_in, regions_of_organisation
from regions.domain.changes import note_changes
from regions.models import Region
from regions.names import sort_name

NUMBER = "kvk_number"
FACTS = (
    *("name", "other_names", "kind", "streams", "role", "reach", "neighbourhood", "domains", "website"),
    *("public_contact", "description", "legal_form", "municipality"),
)
TALK = ("talk", "next_on")
FIELDS = ("name", NUMBER, *FACTS[1:], "reaches", *TALK)
_MOST_LETTERS = 300

Row = tuple[Organisation, MapEntry]


def differing(one: Row, other: Row) -> list[str]:
    """Return the fields in which both rows say something, and not the same."""
    return [
        name
        for name in FIELDS
        if (mine := value_of(*one, name)) and (theirs := value_of(*other, name)) and not is_same(mine, theirs)
    ]


def versions_of(rows: tuple[Row, Row]) -> str:
    """Return both rows as one text, which differs once one of them is changed."""
    return " ".join(
        f"{each.map_key}:{row_version(each, entry)}"
        for each, entry in sorted(rows, key=lambda row: row[0].map_key)
    )


@transaction.atomic(durable=True)
def merge_organisations(
    *,
    one_id: int,
    other_id: int,
    region: Region,
    chosen: Mapping[str, int],
    seen: str | None = None,
    actor: User,
    at: datetime,
) -> Merge:
    """Make one organisation of two on the map of a region. Idempotent.

    ``chosen`` names for each of ``differing`` whose value is kept; what only one knows is kept too. The one whose KvK number
    is kept stays; the other goes off all maps under its own number, with its row and whoever refers to that: what is sealed, a
    coalition and who speaks for it never change (rule 4), and the map does not hear of them (rule 26). Talks and
    involvement are carried over. Raises ``NotAllowed``, ``DoesNotExist`` for who is not on the map, and ``NewerVersion`` for
    a row that is not as it was ``seen``.
    """
    may_map.check(actor, region)
    pair = {one_id, other_id}
    locked = {
        each.pk: each for each in Organisation.objects.select_for_update().filter(pk__in=pair).order_by("pk")
    }
    if earlier := _earlier(pair):
        return earlier
    on_map = set(organisations_in(region).filter(pk__in=pair).values_list("pk", flat=True))
    if len(on_map) < len((one_id, other_id)):
        raise Organisation.DoesNotExist
    for each in locked.values():
        may_edit.check(actor, each)
    one, other = ((locked[key], entry_of(locked[key], region)) for key in (one_id, other_id))
    check_shown(versions_of((one, other)), seen)
    lock_questions_of(one[0], other[0])
    kept, gone = (one, other) if _stays(one[0], other[0], chosen) else (other, one)
    merge = Merge(kept=kept[0], gone=gone[0], region=region, merged_at=at, merged_by=actor)
    _merge(merge, kept, gone, chosen, actor=actor, at=at)
    merge.save()
    facts = {"organisation": gone[0].pk, "region": region.pk}
    record(MERGED, subject=kept[0], actor=actor, at=at, facts=facts)
    return merge


def _earlier(pair: set[int]) -> Merge | None:
    # What came on a map again since, can be merged anew.
    Merge.objects.filter(gone__in=pair, gone__mapped_at__isnull=False).delete()
    return Merge.objects.filter(kept__in=pair, gone__in=pair).first()


def _stays(one: Organisation, other: Organisation, chosen: Mapping[str, int]) -> bool:
    """Tell whether the first of two stays: the number belongs to its row, and to the portal's before one that is apart."""
    if one.kvk_number and one.kvk_number == other.kvk_number:
        return one.apart_in_id is None or other.apart_in_id is not None
    if one.kvk_number and other.kvk_number:
        return chosen.get(NUMBER, one.pk) == one.pk
    return bool(one.kvk_number) or not other.kvk_number


def _merge(
    merge: Merge, kept: Row, gone: Row, chosen: Mapping[str, int], *, actor: User, at: datetime
) -> None:
    organisation, other = kept[0], gone[0]
    regions = {each.pk: set(regions_of_organisation(each)) for each in (organisation, other)}
    is_public = bool(organisation.published_at or other.published_at)
    binned = carry_bins(organisation, other, regions[organisation.pk] | regions[other.pk])
    carried = regions[other.pk] | set(binned)
    merge.before = {
        "gone": _remembered(other),
        "is_public": organisation.published_at is not None,
        "regions": sorted(carried - set(organisation.works_in.values_list("pk", flat=True))),
    }
    values = {name: _value(name, kept, gone, chosen) for name in (*FACTS, "reaches", *TALK)}
    # While the actor still has it on the map.
    set_public(other, is_public=False, actor=actor, at=at)
    names = {organisation.name, other.name}
    merge.before["facts"] = _write_facts(organisation, other, values, actor=actor, at=at)
    # For which there was no room beside its other names.
    names -= {organisation.name}
    merge.before["left_out"] = sorted(each for each in names if each not in organisation.other_names)
    organisation.works_in.add(*regions[organisation.pk], *carried)
    talk = {name: values[name] for name in TALK}
    merge.before |= carry_entries(organisation, other, merge.region, talk, actor=actor, at=at)
    merge.before["moved_entries"] += binned.values()
    note_involvement(other, carried, merge.region, actor=actor, at=at)
    merge.before |= carry_engagements(organisation, other, carried) | carry_ties(organisation, other)
    merge.before |= follow(other, organisation)
    merge.before |= carry_answers(organisation, other, at=at)
    take_off_every_map(other, now_as=organisation)
    hide_under_number(organisation, at=at)
    is_public = is_public and not has_declined(organisation)
    set_public(organisation, is_public=is_public, actor=actor, at=at)
    note_changes(regions[organisation.pk] | regions[other.pk], at=at)


def _remembered(gone: Organisation) -> dict[str, Any]:
    """Return what a row loses when it goes off every map."""
    return {
        "mapped_at": gone.mapped_at,
        "is_public": gone.published_at is not None,
        "kvk_number": gone.kvk_number,
        "apart_in": gone.apart_in_id,
        "works_in": sorted(gone.works_in.values_list("pk", flat=True)),
        "reaches": sorted(gone.reaches.values_list("pk", flat=True)),
    }


def _value(name: str, kept: Row, gone: Row, chosen: Mapping[str, int]) -> Any:
    mine, theirs = value_of(*kept, name), value_of(*gone, name)
    if mine and theirs:
        return theirs if chosen.get(name) == gone[0].pk else mine
    return mine or theirs


def _write_facts(
    organisation: Organisation, other: Organisation, values: Mapping[str, Any], *, actor: User, at: datetime
) -> dict[str, Any]:
    """Write what is kept, and return of each column that changed what stood there and what stands there now."""
    columns = {"kind": "kind_id", "municipality": "municipality_id"}
    before = {columns.get(name, name): getattr(organisation, columns.get(name, name)) for name in FACTS}
    names = {organisation.name, other.name} - {values["name"]}
    for name in FACTS:
        setattr(organisation, name, values[name])
    # By what it was called, it is found and recognised.
    others = ", ".join(filter(None, [values["other_names"], *sorted(names)]))
    if len(others) <= _MOST_LETTERS:
        organisation.other_names = others
    organisation.sort_name = sort_name(organisation.name)
    save_shared(organisation, actor=actor, at=at)
    changed = {
        name: [value, getattr(organisation, name)]
        for name, value in before.items()
        if value != getattr(organisation, name)
    }
    reached = sorted(each.pk for each in organisation.reaches.all())
    organisation.reaches.set(values["reaches"])
    now = sorted(each.pk for each in values["reaches"])
    return changed | ({"reaches": [reached, now]} if reached != now else {})
