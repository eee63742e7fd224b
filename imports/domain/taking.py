"""Putting the rows of an import on the map: all of them, or none."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record, record_all
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.row_counts import count_rows_anew
from hubportal.kernel.versions import check_shown
from imports.domain.changing import change_known
from imports.domain.comparing import typed_in
from imports.domain.importing import check_again
from imports.domain.judging import Reader
from imports.domain.saving import save_rows
from imports.enums import ImportState, Outcome, Refusal
from imports.events import TAKEN
from imports.models import ImportRow, MapImport
from imports.models.map_import import refusal_in_words
from imports.permissions import may_import
from imports.queries import (
    import_now,
    numbers_by_fate,
    rows_of,
    rows_of_one_twin,
    rows_to_add,
    rows_to_change,
    undecided,
)
from mapping.domain.numbers import numbers_to_have_apart, put_under_number
from mapping.finding import KnownOrganisations
from mapping.models import MapEntry
from mapping.permissions import may_map
from organisations.domain.organisations import OrganisationFacts, write_facts
from organisations.events import ADDED
from organisations.models import Organisation
from organisations.queries import numbers_in_use

_OF_REGION = ("talk", "next_on", "notes")
# So many rows are put on the map while somebody waits for the page.
TAKEN_AT_ONCE = 300
_BATCH = 500
_GROWN = (Organisation, Organisation.works_in.through, Organisation.reaches.through)


class CannotTake(RuleViolation):
    """Rows cannot come on the map any more: why, and the number of the row that it is about, if it is about one."""

    def __init__(self, reason: Refusal, row: int | None = None) -> None:
        super().__init__(refusal_in_words(reason, row))
        self.reason, self.row = reason, row


class MapWentOn(CannotTake):
    """Something of the map changed since the rows were checked."""

    def __init__(self) -> None:
        super().__init__(Refusal.WENT_ON)


@transaction.atomic(durable=True)
def ask_to_take(*, import_id: int, seen: str, actor: User, at: datetime) -> MapImport:
    """Leave putting the rows of an import on the map to the jobs. Idempotent.

    Raises ``NotAllowed``, ``NewerVersion`` for another version than was shown (rule 30), and ``RuleViolation`` for rows that wait for a choice.
    """
    map_import = _locked(import_id, actor)
    if map_import.state in {ImportState.TAKING, ImportState.TAKEN}:
        return map_import
    _check_decided(map_import, seen)
    map_import.state, map_import.state_at = ImportState.TAKING, at
    map_import.save(update_fields=["state", "state_at"])
    return map_import


@transaction.atomic(durable=True)
def take_import(
    *, import_id: int, seen: str | None = None, read: Reader, actor: User, at: datetime, waits: bool = True
) -> MapImport:
    """Put the rows of an import on the map of its region, as was chosen for each. Idempotent; the whole of it, or nothing.

    In a number of queries that does not rise with the rows, but for numbers of organisations that the portal knows and that are
    on no map (rule 26). Raises ``NotAllowed``, ``NewerVersion`` for another version than was shown (rule 30), ``MapWentOn`` where the
    map is no longer what the rows were compared with, and ``RuleViolation`` for rows that wait for a choice. Unless it ``waits``,
    ``DoesNotExist`` while another one does it.
    """
    map_import = _locked(import_id, actor, waits=waits)
    if map_import.state == ImportState.TAKEN:
        return map_import
    if map_import.state != ImportState.TAKING:
        _check_decided(map_import, seen)
    region = map_import.region
    known = KnownOrganisations(region=region, user=actor)
    try:
        added = _add_rows(map_import, known, read, actor=actor, at=at)
    except IntegrityError as taken:
        raise MapWentOn from taken
    changing = list(rows_to_change(map_import))
    values = {row.pk: read(map_import.columns, row.cells, map_import.meanings).values for row in changing}
    changed = change_known(changing, values, region=region, actor=actor, at=at)
    if changed is None:
        raise MapWentOn
    map_import.state, map_import.state_at = ImportState.TAKEN, at
    # The map has what they say, and they may hold more than it keeps.
    map_import.refusal, map_import.refused_row, map_import.meanings = "", None, {}
    map_import.version += 1
    map_import.save(update_fields=["state", "state_at", "refusal", "refused_row", "meanings", "version"])
    ImportRow.objects.filter(map_import=map_import).update(cells=[], name_key="", kvk_number="")
    facts = {"region": region.pk, "added": added, "changed": changed}
    record(TAKEN, subject=map_import, actor=actor, at=at, facts=facts)
    if added > TAKEN_AT_ONCE:
        count_rows_anew(*_GROWN, MapEntry, ImportRow)
    return map_import


def take_in_background(*, import_id: int, read: Reader, at: datetime) -> bool:
    """Put an import on the map for its maker; where that cannot be done any more, it waits for them again and says why. Idempotent."""
    map_import = import_now(import_id)
    if map_import.state != ImportState.TAKING:
        return False
    try:
        take_import(import_id=import_id, read=read, actor=map_import.created_by, at=at, waits=False)
    except MapImport.DoesNotExist:
        # Another worker is at it, for minutes where there are thousands of rows: this one does other work.
        return False
    except NotAllowed:
        # Their maker sees what is left to choose, once the region is theirs again.
        check_again(import_id=import_id, refusal=Refusal.NOT_YOURS, at=at)
    except CannotTake as refusal:
        check_again(import_id=import_id, refusal=refusal.reason, row=refusal.row, at=at)
    return True


def is_long(map_import: MapImport) -> bool:
    """Tell whether putting it on the map is left to the jobs."""
    numbers = numbers_by_fate(map_import)
    return numbers.get("added", 0) + numbers.get("changed", 0) > TAKEN_AT_ONCE


def _locked(import_id: int, actor: User, *, waits: bool = True) -> MapImport:
    found = MapImport.objects.select_for_update(of=("self",), skip_locked=not waits).select_related("region")
    map_import = found.get(pk=import_id)
    may_import.check(actor, map_import)
    may_map.check(actor, map_import.region)
    if map_import.state not in {ImportState.DECIDING, ImportState.TAKING, ImportState.TAKEN}:
        raise RuleViolation(_("This import cannot be put on the map now. Look how far it is."))
    return map_import


def _check_decided(map_import: MapImport, seen: str | None) -> None:
    check_shown(str(map_import.version), seen)
    if rows_of(map_import).filter(undecided()).exists():
        raise RuleViolation(_("Some rows still wait for a choice, or are not right yet."))
    if numbers := rows_of_one_twin(map_import):
        raise RuleViolation(
            _("Rows %(numbers)s are said to be one organisation. Leave all but one of them out.")
            % {"numbers": ", ".join(map(str, numbers))}
        )


def _add_rows(
    map_import: MapImport, known: KnownOrganisations, read: Reader, *, actor: User, at: datetime
) -> int:
    rows = list(rows_to_add(map_import))
    values = {row.pk: read(map_import.columns, row.cells, map_import.meanings).values for row in rows}
    _check_still_new(rows, values, known)
    # What has such a number is not told. Elsewhere on maps there may be thousands of them; the few others are put on the map as
    # the form does it.
    in_use = set(numbers_in_use(each["kvk_number"] for each in values.values() if "kvk_number" in each))
    apart = numbers_to_have_apart(in_use, map_import.region, user=actor)
    made: dict[int, Organisation] = {}
    for row in rows:
        facts = OrganisationFacts(**_shared(values[row.pk]))
        if facts.kvk_number in in_use - apart:
            made[row.pk] = _under_number(row, facts, map_import, actor=actor, at=at)
            continue
        organisation = Organisation(mapped_at=at, created_by=actor, created_at=at)
        organisation.apart_in = map_import.region if facts.kvk_number in apart else None
        write_facts(organisation, facts)
        made[row.pk] = organisation
    plain = [each for each in made.values() if each.pk is None]
    Organisation.objects.bulk_create(plain, batch_size=_BATCH)
    _put_on_map(map_import, rows, values, made, actor=actor, at=at)
    added = Organisation.objects.filter(pk__in=[each.pk for each in plain])
    record_all(ADDED, subjects=added, actor=actor, at=at)
    return len(rows)


def _under_number(
    row: ImportRow, facts: OrganisationFacts, map_import: MapImport, *, actor: User, at: datetime
) -> Organisation:
    try:
        return put_under_number(facts, map_import.region, actor=actor, at=at)
    except RuleViolation as refusal:
        raise CannotTake(Refusal.NUMBER, row.number) from refusal


def _check_still_new(
    rows: Sequence[ImportRow], values: Mapping[int, Mapping[str, Any]], known: KnownOrganisations
) -> None:
    numbers = Counter(each["kvk_number"] for each in values.values() if "kvk_number" in each)
    if any(times > 1 for times in numbers.values()):
        raise MapWentOn
    for row in rows:
        if row.choice is None and known.surely(typed_in(values[row.pk])):
            raise MapWentOn


def _shared(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in values.items() if name not in {*_OF_REGION, "reaches"}}


def _put_on_map(
    map_import: MapImport,
    rows: Iterable[ImportRow],
    values: Mapping[int, Mapping[str, Any]],
    made: Mapping[int, Organisation],
    *,
    actor: User,
    at: datetime,
) -> None:
    region = map_import.region
    works_in, reaches = Organisation.works_in.through, Organisation.reaches.through
    works_in._default_manager.bulk_create(
        [works_in(organisation=each, region=region) for each in made.values()],
        batch_size=_BATCH,
        ignore_conflicts=True,
    )
    reached = [
        reaches(organisation=made[row_id], municipality=each)
        for row_id, said in values.items()
        for each in said.get("reaches", ())
    ]
    reaches._default_manager.bulk_create(reached, batch_size=_BATCH, ignore_conflicts=True)
    entries = []
    for row in rows:
        talk = {name: values[row.pk][name] for name in _OF_REGION if name in values[row.pk]}
        entry = MapEntry(organisation=made[row.pk], region=region, **talk)
        if talk:
            entry.version, entry.changed_at, entry.changed_by = 1, at, actor
        entries.append(entry)
        row.organisation, row.outcome = made[row.pk], Outcome.ADDED
        row.version_after = made[row.pk].version + entry.version
        row.before = {"key": str(made[row.pk].map_key)}
    MapEntry.objects.bulk_create(entries, batch_size=_BATCH)
    save_rows(rows, ["organisation", "outcome", "version_after", "before"])
