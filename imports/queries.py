"""Reads of imports: whose they are, how far they are, and what is due."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hubportal.accounts.permissions import Person
from imports.enums import KEPT_IMPORT, Choice, Fate, ImportState, Outcome
from imports.models import ImportRow, MapImport
from mapping.queries import regions_of
from regions.models import Region

# What its maker alone works on, and what the map of the region shows already.
OPEN = frozenset({ImportState.READING, ImportState.CHECKING, ImportState.DECIDING, ImportState.TAKING})
ON_MAP = frozenset({ImportState.TAKEN, ImportState.UNDOING, ImportState.UNDONE})


def imports_of(user: Person) -> QuerySet[MapImport]:
    """Return the imports of a kwartiermaker's regions: the own ones, and what others put on the map.

    What is not taken yet shows what its maker may know of maps elsewhere (rule 26).
    """
    here = MapImport.objects.filter(region__in=regions_of(user).values("pk"))
    return here.filter(Q(created_by=user.pk) | Q(state__in=ON_MAP))


def imports_in(region: Region, user: Person) -> QuerySet[MapImport]:
    """Return those of one region without their files, the latest first, with how many rows were put on the map."""
    found = imports_of(user).filter(region=region).defer("content").select_related("created_by")
    written = Count("rows", filter=~Q(rows__outcome=""))
    return found.annotate(written=written).order_by("-created_at", "-pk")


def begun_in(region: Region, user: Person) -> QuerySet[MapImport]:
    """Return what somebody began to import in a region and has not put on the map: nobody else sees it, the oldest first."""
    own = imports_of(user).filter(region=region, created_by=user.pk, state__in=OPEN)
    return own.defer("content").order_by("created_at", "pk")


def import_made_with(key: UUID) -> MapImport | None:
    """Return the import with a key, if there is one."""
    return MapImport.objects.filter(key=key).first()


def import_now(import_id: int) -> MapImport:
    """Return an import as it is saved now."""
    return MapImport.objects.select_related("region", "created_by").get(pk=import_id)


def open_imports(user: Person) -> int:
    """Return how many imports somebody has begun and not ended."""
    return MapImport.objects.filter(created_by=user.pk, state__in=OPEN).count()


def rows_of(map_import: MapImport) -> QuerySet[ImportRow]:
    """Return the rows of an import, by number, without the headings."""
    return ImportRow.objects.filter(map_import=map_import).exclude(fate=Fate.HEADING).order_by("number")


def cells_together(map_import: MapImport, places: Collection[int]) -> list[tuple[Any, ...]]:
    """Return what stands together in some columns of the rows that are not left out, with in how many rows it does."""
    rows = rows_of(map_import).exclude(choice=Choice.SKIP, choice__isnull=False)
    counted = rows.order_by().values_list(*(f"cells__{each}" for each in places)).annotate(Count("pk"))
    return list(counted)


def cells_by_row(map_import: MapImport, places: Collection[int]) -> list[tuple[Any, ...]]:
    """Return the number of each row and what stands in some of its columns."""
    return list(rows_of(map_import).values_list("number", *(f"cells__{each}" for each in places)))


def first_rows(map_import: MapImport, number: int) -> QuerySet[ImportRow]:
    """Return the first rows of an import, the headings too."""
    return ImportRow.objects.filter(map_import=map_import).order_by("number")[:number]


def unread_rows(map_import: MapImport) -> QuerySet[ImportRow]:
    """Return the rows that were not checked yet, by number."""
    return ImportRow.objects.filter(map_import=map_import, fate="").order_by("number")


def undecided() -> Q:
    """Return the condition of rows that hold up an import: wrong or doubtful ones for which nobody chose."""
    return Q(fate__in=[Fate.DOUBTFUL, Fate.WRONG], choice=None) | Q(fate="")


def rows_to_add(map_import: MapImport) -> QuerySet[ImportRow]:
    """Return the rows that are put on the map as new organisations."""
    is_new = Q(fate=Fate.NEW, choice=None) | Q(choice=Choice.NEW)
    return rows_of(map_import).filter(is_new)


def rows_to_change(map_import: MapImport) -> QuerySet[ImportRow]:
    """Return the rows that say something more of an organisation that is known."""
    return rows_of(map_import).filter(fate=Fate.DOUBTFUL, choice=Choice.SAME)


def rows_of_one_twin(map_import: MapImport) -> list[int]:
    """Return the numbers of the rows that are said to be one organisation of the map, of the first one with several."""
    several = (
        rows_to_change(map_import).order_by().values("twin").annotate(times=Count("pk")).filter(times__gt=1)
    )
    twin = several.order_by("twin__pk").values_list("twin", flat=True).first()
    return list(rows_to_change(map_import).filter(twin=twin).values_list("number", flat=True)) if twin else []


def rows_written(map_import: MapImport, outcome: Outcome) -> QuerySet[ImportRow]:
    """Return the rows that were put on the map, by what came of them."""
    return rows_of(map_import).filter(outcome=outcome)


def number_written(map_import: MapImport) -> int:
    """Return how many rows were put on the map."""
    return rows_of(map_import).exclude(outcome="").count()


def rows_kept(map_import: MapImport) -> QuerySet[ImportRow]:
    """Return the rows that stayed as they were when the import was undone, with their organisations.

    They stayed on the map, or somebody had taken them off it already (``was_off_map``).
    """
    return rows_of(map_import).filter(Q(was_kept=True) | Q(was_off_map=True)).select_related("organisation")


def numbers_by_fate(map_import: MapImport) -> dict[str, int]:
    """Return how many rows there are of each fate, how many hold the import up, and what will be done with the others."""
    counts: Counter[str] = Counter()
    counted = rows_of(map_import).order_by().values_list("fate", "choice").annotate(Count("pk"))
    for fate, choice, number in counted:
        counts["all"] += number
        counts[fate or "unread"] += number
        is_held_up = not fate or (fate in {Fate.DOUBTFUL, Fate.WRONG} and choice is None)
        counts["open"] += number if is_held_up else 0
        counts["skipped"] += number if choice == Choice.SKIP else 0
        counts["added"] += number if choice == Choice.NEW or (fate == Fate.NEW and choice is None) else 0
        counts["changed"] += number if choice == Choice.SAME else 0
    return dict(counts)


def earlier_rows(
    map_import: MapImport, before: int, names: Collection[str], numbers: Collection[str]
) -> QuerySet[ImportRow, Any]:
    """Return number, name, KvK number and cells of the rows before a number that have one of these names or numbers.

    Not of those that are left out.
    """
    alike = Q(name_key__in=names) & ~Q(name_key="") | Q(kvk_number__in=numbers) & ~Q(kvk_number="")
    is_left_out = Q(fate=Fate.HEADING) | Q(choice=Choice.SKIP, choice__isnull=False)
    rows = ImportRow.objects.filter(alike, map_import=map_import, number__lt=before).exclude(is_left_out)
    return rows.order_by("number").values_list("number", "name_key", "kvk_number", "cells")


def imports_to_read() -> QuerySet[MapImport]:
    """Return the imports of which the file waits to be read."""
    return _waiting(ImportState.READING)


def imports_to_check() -> QuerySet[MapImport]:
    """Return the imports of which rows wait to be checked."""
    return _waiting(ImportState.CHECKING)


def imports_to_take_or_undo() -> QuerySet[MapImport]:
    """Return the imports that wait to be put on the map, or to be taken off it."""
    return _waiting(ImportState.TAKING, ImportState.UNDOING)


def _waiting(*states: ImportState) -> QuerySet[MapImport]:
    return MapImport.objects.filter(state__in=states).order_by("state_at", "pk")


def imports_to_forget(*, at: datetime) -> QuerySet[MapImport]:
    """Return the imports that nobody worked on for a month: what was taken can no longer be undone, the rest was left.

    Not those that somebody asked to undo in time.
    """
    left = MapImport.objects.filter(state_at__lt=at - KEPT_IMPORT).exclude(state=ImportState.UNDOING)
    return left.order_by("state_at", "pk")
