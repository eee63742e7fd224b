"""Changing what the map says of organisations that are known already, many at a time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record_all
from imports.domain.comparing import compare
from imports.domain.saving import save_rows
from imports.enums import Outcome
from imports.models import ImportRow
from mapping.domain.cells import OF_REGION, SHARED, value_of
from mapping.domain.rows import row_version
from mapping.events import ORGANISATION_CHANGED, TAKEN_TO_MAP
from mapping.grid_queries import entry_in, rows_with_all
from mapping.models import MapEntry
from mapping.permissions import may_edit, may_take
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.domain.changes import note_changes
from regions.models import Region
from regions.names import sort_name

_BATCH = 500
_COLUMNS = [each for each in SHARED if each != "reaches"]
ENTRY_COLUMNS = (
    *OF_REGION,
    "version",
    "changed_at",
    "changed_by",
    "removed_at",
    "removed_by",
    "emptied_at",
    "was_public",
)
SHARED_COLUMNS = (*_COLUMNS, "sort_name", "version", "changed_at", "changed_by")


def change_known(
    rows: Sequence[ImportRow],
    values: Mapping[int, Mapping[str, Any]],
    *,
    region: Region,
    actor: User,
    at: datetime,
) -> int | None:
    """Write what rows say more of organisations that are known, within the caller's act, and return how many that changed.

    ``None`` where one of them is no longer what it was compared with, may no longer be known to the actor, or is there
    twice. What is public elsewhere is filled in alone: only who maps it changes what it says (rule 26).
    """
    keys = [each.twin_id for each in rows if each.twin_id]
    locked = list(
        Organisation.objects.select_for_update()
        .filter(pk__in=keys)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    allowed = set(may_take.rows(actor).filter(pk__in=locked).values_list("pk", flat=True))
    if len(allowed) != len(rows):
        return None
    editable = set(may_edit.rows(actor).filter(pk__in=keys).values_list("pk", flat=True))
    here = set(organisations_in(region).filter(pk__in=keys).values_list("pk", flat=True))
    known = {each.pk: each for each in rows_with_all(keys, region)}
    works_in = Organisation.works_in.through._default_manager.filter(region=region, organisation__in=keys)
    working = set(works_in.values_list("organisation", flat=True))
    writing = _Writing(region, actor, at)
    for row in rows:
        organisation = known[row.twin_id or 0]
        entry = entry_in(organisation, region)
        if row_version(organisation, entry) != row.twin_version:
            return None
        comparison = compare(values[row.pk], organisation, entry)
        fields = comparison.written(replaces=row.replaces and organisation.pk in editable)
        row.before = {"is_here": organisation.pk in here, "works_here": organisation.pk in working}
        writing.write(row, organisation, entry, {each: values[row.pk][each] for each in fields})
    return writing.save()


class _Writing:
    """What is to be written, gathered so that it takes as many statements for many rows as for one."""

    def __init__(self, region: Region, actor: User, at: datetime) -> None:
        self.region, self.actor, self.at = region, actor, at
        self.shared: list[Organisation] = []
        self.entries: list[MapEntry] = []
        self.rows: list[ImportRow] = []
        self.put_on_map: list[Organisation] = []
        self.reaches: dict[int, list[int]] = {}
        self.changed: dict[tuple[str, ...], list[int]] = {}

    def write(
        self,
        row: ImportRow,
        organisation: Organisation,
        entry: MapEntry,
        values: Mapping[str, Any],
    ) -> None:
        is_here = row.before["is_here"]
        if not values and is_here:
            return
        row.before |= {
            "key": str(organisation.map_key),
            "shared": {each: _kept(organisation, entry, each) for each in values if each in SHARED},
            "entry": _entry_before(entry),
        }
        for field in values:
            if field == "reaches":
                self.reaches[organisation.pk] = [each.pk for each in values[field]]
            else:
                setattr(entry if field in OF_REGION else organisation, field, values[field])
        organisation.sort_name = sort_name(organisation.name)
        if any(each in SHARED for each in values):
            organisation.version += 1
            organisation.changed_at, organisation.changed_by = self.at, self.actor
            self.shared.append(organisation)
        if any(each in OF_REGION for each in values) or not is_here:
            entry.version += 1
            entry.changed_at, entry.changed_by = self.at, self.actor
            self.entries.append(entry)
        if not is_here:
            entry.removed_at = entry.removed_by = entry.emptied_at = None
            entry.was_public = False
            self.put_on_map.append(organisation)
        row.organisation, row.outcome = organisation, Outcome.CHANGED
        row.version_after = row_version(organisation, entry)
        self.rows.append(row)
        if values:
            self.changed.setdefault(tuple(sorted(values)), []).append(organisation.pk)

    def save(self) -> int:
        Organisation.objects.bulk_update(self.shared, SHARED_COLUMNS, batch_size=_BATCH)
        write_all_reaches(self.reaches)
        save_entries(self.entries)
        works_in = Organisation.works_in.through
        works_in._default_manager.bulk_create(
            [works_in(organisation=each, region=self.region) for each in self.put_on_map],
            batch_size=_BATCH,
            ignore_conflicts=True,
        )
        if any(each.published_at for each in self.put_on_map):
            note_changes({self.region.pk}, at=self.at)
        save_rows(self.rows, ["organisation", "outcome", "version_after", "before"])
        self._record()
        return len(self.rows)

    def _record(self) -> None:
        taken = Organisation.objects.filter(pk__in=[each.pk for each in self.put_on_map])
        facts: dict[str, Any] = {"region": self.region.pk}
        record_all(TAKEN_TO_MAP, subjects=taken, actor=self.actor, at=self.at, facts=facts)
        for fields, keys in self.changed.items():
            changed = Organisation.objects.filter(pk__in=keys)
            facts = {"fields": list(fields)}
            record_all(ORGANISATION_CHANGED, subjects=changed, actor=self.actor, at=self.at, facts=facts)


def save_entries(entries: Iterable[MapEntry]) -> None:
    """Save what a region keeps of organisations, new or not, within the caller's act."""
    entries = list(entries)
    MapEntry.objects.bulk_create([each for each in entries if each.pk is None], batch_size=_BATCH)
    MapEntry.objects.bulk_update([each for each in entries if each.pk], ENTRY_COLUMNS, batch_size=_BATCH)


def write_all_reaches(reaches: Mapping[int, Iterable[int]]) -> None:
    """Write which municipalities each of some organisations reaches, all by primary key, within the caller's act."""
    through = Organisation.reaches.through._default_manager
    through.filter(organisation__in=list(reaches)).delete()
    rows = [
        Organisation.reaches.through(organisation_id=key, municipality_id=each)
        for key, municipalities in reaches.items()
        for each in municipalities
    ]
    through.bulk_create(rows, batch_size=_BATCH)


def _kept(organisation: Organisation, entry: MapEntry, field: str) -> Any:
    value = value_of(organisation, entry, field)
    if field == "reaches":
        return sorted(each.pk for each in value)
    return value.pk if field == "kind" and value else value


def _entry_before(entry: MapEntry) -> dict[str, Any] | None:
    if entry.pk is None:
        return None
    return {
        "talk": entry.talk,
        "next_on": entry.next_on,
        "notes": entry.notes,
        "removed_at": entry.removed_at,
        "removed_by_id": entry.removed_by_id,
        "emptied_at": entry.emptied_at,
        "was_public": entry.was_public,
    }
