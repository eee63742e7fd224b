"""Judging rows: what each of them is beside the map of the region, and beside the rows above it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction

from imports.domain.comparing import compare, typed_in
from imports.domain.saving import save_rows
from imports.enums import Choice, Fate, ImportState
from imports.models import ImportRow, MapImport
from imports.queries import earlier_rows, unread_rows
from mapping.domain.rows import row_version
from mapping.enums import SameBy
from mapping.finding import Double, KnownOrganisations
from mapping.grid_queries import entry_in, rows_with_all
from organisations.models import Organisation
from regions.names import search_key

ROWS_PER_CHUNK = 1000
_FOUND = ("fate", "twin", "twin_version", "by", "twin_number", "name_key", "kvk_number", "choice", "replaces")


class Reading(Protocol):
    """What the cells of a row say, and what is wrong with them."""

    @property
    def values(self) -> Mapping[str, Any]:
        """Return what they say, by field."""

    @property
    def mistakes(self) -> Mapping[str, str]:
        """Return what is wrong, by field."""


# By field and key of a word that is in no list of ours, the code of the one that it means.
Meanings = Mapping[str, Mapping[str, str]]
Reader = Callable[[Sequence[str], Sequence[str], Meanings], Reading]


@transaction.atomic(durable=True)
def check_rows(*, import_id: int, read: Reader, at: datetime) -> bool:
    """Judge the next rows of an import, and tell whether there were any. Idempotent; after the last ones it waits for its maker."""
    map_import = (
        MapImport.objects.select_for_update(of=("self",))
        .select_related("region", "created_by")
        .get(pk=import_id)
    )
    if map_import.state != ImportState.CHECKING:
        return False
    rows = list(unread_rows(map_import)[:ROWS_PER_CHUNK])
    judge(map_import, rows, read)
    map_import.state_at = at
    if not unread_rows(map_import).exists():
        map_import.state = ImportState.DECIDING
        map_import.version += 1
    map_import.save(update_fields=["state", "state_at", "version"])
    return bool(rows)


def judge(
    map_import: MapImport, rows: Sequence[ImportRow], read: Reader, *, left_out: Collection[int] = ()
) -> None:
    """Judge rows within the caller's act, in as many queries as for one; those with a number in ``left_out`` stay left out."""
    if not rows:
        return
    known = KnownOrganisations(region=map_import.region, user=map_import.created_by)
    readings = {row.pk: read(map_import.columns, row.cells, map_import.meanings) for row in rows}
    doubles: dict[int, list[Double]] = {}
    chosen_beside = {row.pk: (row.twin_id, row.by) for row in rows}
    for row in rows:
        typed = typed_in(readings[row.pk].values)
        row.name_key, row.kvk_number = search_key(typed.name)[:200], typed.kvk_number
        row.twin = row.twin_version = row.by = row.twin_number = None
        doubles[row.pk] = known.doubles_of(typed) if typed.name or typed.kvk_number else []
    keys = {each.organisation.pk for found in doubles.values() for each in found}
    whole = {each.pk: each for each in rows_with_all(list(keys), map_import.region)}
    above = Above(map_import, rows)
    for row in rows:
        _judge_one(map_import, row, readings[row.pk], doubles[row.pk], whole)
        above.compare(row)
        is_beside_the_same = (row.twin_id, row.by) == chosen_beside[row.pk]
        if not (row.number in left_out or _stays_chosen(row, is_beside_the_same=is_beside_the_same)):
            row.choice, row.replaces = None, False
    save_rows(rows, _FOUND)


def _stays_chosen(row: ImportRow, *, is_beside_the_same: bool) -> bool:
    """Tell whether what was chosen still answers what the row turned out to be."""
    if row.choice == Choice.SKIP:
        return is_beside_the_same or row.fate == Fate.WRONG
    return is_beside_the_same and row.fate == Fate.DOUBTFUL


def _judge_one(
    map_import: MapImport,
    row: ImportRow,
    reading: Reading,
    doubles: Iterable[Double],
    whole: Mapping[int, Organisation],
) -> None:
    if reading.mistakes:
        row.fate = Fate.WRONG
        return
    row.fate = Fate.NEW
    for double in doubles:
        organisation = whole.get(double.organisation.pk)
        if organisation is None:
            continue
        entry = entry_in(organisation, map_import.region)
        is_as_it_is = double.is_here and compare(reading.values, organisation, entry).is_same
        if row.twin is None or is_as_it_is:
            row.twin, row.by = organisation, double.by
            row.twin_version = row_version(organisation, entry)
            row.fate = Fate.SAME if is_as_it_is else Fate.DOUBTFUL
        if is_as_it_is:
            return


class Above:
    """The rows above each of some rows, by their names and numbers."""

    def __init__(self, map_import: MapImport, rows: Sequence[ImportRow]) -> None:
        """Read what stands above them in one query."""
        names, numbers = {each.name_key for each in rows}, {each.kvk_number for each in rows}
        self._names: dict[str, tuple[int, Any]] = {}
        self._numbers: dict[str, int] = {}
        last = max(each.number for each in rows)
        mine = {each.number for each in rows}
        for number, name, kvk_number, cells in earlier_rows(map_import, last, names, numbers):
            if number not in mine:
                self._add(number, name, kvk_number, cells)

    def _add(self, number: int, name: str, kvk_number: str, cells: Any) -> None:
        if name and number < self._names.get(name, (number + 1,))[0]:
            self._names[name] = number, cells
        if kvk_number:
            self._numbers[kvk_number] = min(number, self._numbers.get(kvk_number, number))

    def compare(self, row: ImportRow) -> None:
        """Judge a row beside those above it, and let it stand above the next ones."""
        named, cells = self._names.get(row.name_key, (row.number, None))
        numbered = self._numbers.get(row.kvk_number, row.number)
        if row.fate in {Fate.NEW, Fate.DOUBTFUL}:
            if named < row.number and cells == row.cells:
                row.fate, row.twin_number = Fate.SAME, named
            elif numbered < row.number:
                row.fate, row.by, row.twin_number = Fate.WRONG, SameBy.NUMBER, numbered
            elif named < row.number:
                row.twin_number = named
                row.by = row.by if row.fate == Fate.DOUBTFUL else SameBy.NAME
                row.fate = Fate.DOUBTFUL
        if row.choice != Choice.SKIP:
            self._add(row.number, row.name_key, row.kvk_number, row.cells)
