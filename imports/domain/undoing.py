"""Undoing an import: what nobody worked on since goes off the map, or back to what it said."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record, record_all
from hubportal.kernel.errors import RuleViolation
from imports.domain.changing import SHARED_COLUMNS, save_entries, write_all_reaches
from imports.domain.saving import save_rows
from imports.enums import KEPT_IMPORT, ImportState, Outcome
from imports.events import UNDONE
from imports.models import ImportRow, MapImport
from imports.permissions import may_import
from imports.queries import ON_MAP, number_written, rows_written
from mapping.domain.leftovers import referred_to, take_off_every_map
from mapping.domain.rows import row_version
from mapping.events import ORGANISATION_CHANGED
from mapping.grid_queries import entry_in, rows_with_all
from mapping.models import MapEntry
from mapping.permissions import may_map
from mapping.queries import elsewhere_than, engaged_in
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.domain.changes import note_changes
from regions.models import Region
from regions.names import sort_name

# So many rows are taken off the map while somebody waits for the page.
UNDONE_AT_ONCE = 300
_BATCH = 500


@transaction.atomic(durable=True)
def ask_to_undo(*, import_id: int, actor: User, at: datetime) -> MapImport:
    """Leave undoing an import to the jobs. Idempotent. Raises as ``undo_import``; the month ends with the asking."""
    map_import = _locked(import_id, actor)
    if map_import.state == ImportState.TAKEN:
        _check_in_time(map_import, at=at)
        map_import.state, map_import.state_at, map_import.undone_by = ImportState.UNDOING, at, actor
        map_import.save(update_fields=["state", "state_at", "undone_by"])
    return map_import


@transaction.atomic(durable=True)
def undo_in_background(*, import_id: int, at: datetime) -> bool:
    """Undo an import for whoever asked that, as they might when they asked. Idempotent."""
    found = MapImport.objects.select_for_update(of=("self",)).select_related("region", "undone_by")
    map_import = found.get(pk=import_id)
    if map_import.state != ImportState.UNDOING:
        return False
    _undo(map_import, actor=map_import.undone_by, at=at)
    return True


@transaction.atomic(durable=True)
def undo_import(*, import_id: int, actor: User, at: datetime) -> MapImport:
    """Take off the map what an import put on it, and put back what it changed. Idempotent.

    A row on which somebody worked since stays as it is, and is named. What is left to the jobs is left to them. Raises
    ``NotAllowed``, and ``RuleViolation`` for one that was not taken, or more than a month ago.
    """
    map_import = _locked(import_id, actor)
    if map_import.state == ImportState.TAKEN:
        _check_in_time(map_import, at=at)
        _undo(map_import, actor=actor, at=at)
    return map_import


def is_long_to_undo(map_import: MapImport) -> bool:
    """Tell whether undoing it is left to the jobs."""
    return number_written(map_import) > UNDONE_AT_ONCE


def _locked(import_id: int, actor: User) -> MapImport:
    found = MapImport.objects.select_for_update(of=("self",)).select_related("region")
    map_import = found.get(pk=import_id)
    may_import.check(actor, map_import)
    may_map.check(actor, map_import.region)
    if map_import.state not in ON_MAP:
        raise _too_late()
    return map_import


def _check_in_time(map_import: MapImport, *, at: datetime) -> None:
    if map_import.state_at < at - KEPT_IMPORT:
        raise _too_late()


def _too_late() -> RuleViolation:
    return RuleViolation(_("This import can no longer be undone."))


def _undo(map_import: MapImport, *, actor: User | None, at: datetime) -> None:
    added = list(rows_written(map_import, Outcome.ADDED))
    changed = list(rows_written(map_import, Outcome.CHANGED))
    _follow([*added, *changed])
    kept = _take_off(added, map_import.region)
    kept |= _put_back(changed, map_import.region, actor=actor, at=at)
    off = _off_map([*added, *changed], map_import.region) & kept
    kept -= off
    for row in (*added, *changed):
        row.was_kept, row.was_off_map, row.before = row.pk in kept, row.pk in off, {}
        if not (row.was_kept or row.was_off_map):
            row.organisation = None
    save_rows([*added, *changed], ["organisation", "was_kept", "was_off_map", "before"])
    map_import.state, map_import.state_at, map_import.undone_by = ImportState.UNDONE, at, None
    map_import.version += 1
    map_import.save(update_fields=["state", "state_at", "undone_by", "version"])
    facts = {
        "region": map_import.region_id,
        "undone": len(added) + len(changed) - len(kept) - len(off),
        "kept": len(kept),
    }
    record(UNDONE, subject=map_import, actor=actor, at=at, facts=facts)


def _follow(rows: Sequence[ImportRow]) -> None:
    """Let each row name what the map goes on with, whatever number that has now: the same is told of every number (rule 26)."""
    found = Organisation.objects.filter(
        map_key__in=[each.before["key"] for each in rows], mapped_at__isnull=False
    )
    now = {str(key): pk for pk, key in found.values_list("pk", "map_key")}
    for row in rows:
        row.organisation_id = now.get(row.before["key"])


def _off_map(rows: Sequence[ImportRow], region: Region) -> set[int]:
    """Return the rows whose organisation somebody took off the map of the region, before the import was undone."""
    keys = [each.organisation_id for each in rows if each.organisation_id]
    here = set(organisations_in(region).filter(pk__in=keys).values_list("pk", flat=True))
    return {each.pk for each in rows if each.organisation_id and each.organisation_id not in here}


def _untouched(rows: Sequence[ImportRow], region: Region) -> dict[int, Organisation]:
    """Return the organisations of rows, locked and whole, that are on the map of the region as the import left them."""
    keys = [each.organisation_id for each in rows if each.organisation_id]
    locked = Organisation.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    here = set(
        organisations_in(region).filter(pk__in=[each.pk for each in locked]).values_list("pk", flat=True)
    )
    whole = {each.pk: each for each in rows_with_all(list(here), region)}
    after = {row.organisation_id: row.version_after for row in rows}
    return {
        key: each for key, each in whole.items() if row_version(each, entry_in(each, region)) == after[key]
    }


def _take_off(rows: Sequence[ImportRow], region: Region) -> set[int]:
    """Take what was added off the map, and return the rows that stay."""
    untouched = _untouched(rows, region)
    keys = list(untouched)
    held = referred_to(keys, by_map=True) | set(elsewhere_than(region, keys).values_list("pk", flat=True))
    going = {key: each for key, each in untouched.items() if key not in held and each.published_at is None}
    # What anything else refers to was known to the portal already, of which the kwartiermaker does not hear (rule 26).
    referred = referred_to(list(going))
    for key in referred:
        take_off_every_map(going[key])
    MapEntry.objects.filter(organisation__in=referred).delete()
    Organisation.objects.filter(pk__in=set(going) - referred).delete()
    # Gone already, by whoever took it off and emptied the bin.
    return {row.pk for row in rows if row.organisation_id and row.organisation_id not in going}


def _put_back(rows: Sequence[ImportRow], region: Region, *, actor: User | None, at: datetime) -> set[int]:
    """Put back what was changed, and return the rows that stay."""
    untouched = _untouched(rows, region)
    came = {each.organisation_id for each in rows if not each.before["is_here"]}
    for key in engaged_in(region, [each for each in untouched if each in came]).values_list("pk", flat=True):
        # Off the map of the region it would leave its questions.
        del untouched[key]
    shared: list[Organisation] = []
    entries: list[MapEntry] = []
    reaches: dict[int, Any] = {}
    never_worked: list[int] = []
    for row in rows:
        organisation = untouched.get(row.organisation_id or 0)
        if organisation is None:
            continue
        if "reaches" in row.before["shared"]:
            reaches[organisation.pk] = row.before["shared"]["reaches"]
        if row.before["shared"]:
            _restore_shared(organisation, row.before["shared"], actor=actor, at=at)
            shared.append(organisation)
        entries.append(_restored(entry_in(organisation, region), row.before["entry"]))
        never_worked += [] if row.before["works_here"] or row.before["is_here"] else [organisation.pk]
    Organisation.objects.bulk_update(shared, SHARED_COLUMNS, batch_size=_BATCH)
    write_all_reaches(reaches)
    save_entries(each for each in entries if each.pk)
    works_in = Organisation.works_in.through._default_manager
    works_in.filter(organisation__in=never_worked, region=region).delete()
    _leave([each for each in untouched if each in came], entries, region, at=at)
    changed = Organisation.objects.filter(pk__in=list(untouched))
    record_all(ORGANISATION_CHANGED, subjects=changed, actor=actor, at=at)
    return {row.pk for row in rows if row.organisation_id not in untouched}


def _restore_shared(
    organisation: Organisation, before: dict[str, Any], *, actor: User | None, at: datetime
) -> None:
    for field, value in before.items():
        if field != "reaches":
            setattr(organisation, "kind_id" if field == "kind" else field, value)
    organisation.sort_name = sort_name(organisation.name)
    organisation.version += 1
    organisation.changed_at, organisation.changed_by = at, actor


def _restored(entry: MapEntry, before: dict[str, Any] | None) -> MapEntry:
    for field, value in (before or {"talk": "", "next_on": None, "notes": ""}).items():
        setattr(entry, field, value)
    entry.version += 1
    return entry


def _leave(keys: Sequence[int], entries: Sequence[MapEntry], region: Region, *, at: datetime) -> None:
    """Forget what a region keeps since the import put it on the map from another one."""
    never_here = [each.pk for each in entries if each.organisation_id in keys and each.removed_at is None]
    MapEntry.objects.filter(pk__in=never_here).delete()
    if Organisation.objects.filter(pk__in=keys, published_at__isnull=False).exists():
        note_changes({region.pk}, at=at)
