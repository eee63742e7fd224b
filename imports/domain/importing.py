"""Beginning an import, saying what its columns are, deciding on its rows, and leaving it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import visible
from hubportal.kernel.versions import check_version
from imports.domain.judging import Reader, judge
from imports.domain.saving import save_rows
from imports.domain.words import FIELDS
from imports.enums import LAST_ROW, MAX_COLUMNS, ROWS_AT_ONCE, Choice, Fate, ImportState, Refusal
from imports.models import ImportRow, MapImport
from imports.permissions import may_import
from imports.queries import ON_MAP, import_made_with, imports_to_forget, open_imports, rows_of, undecided
from mapping.enums import SameBy
from mapping.permissions import may_map
from regions.models import Region

MAX_OPEN_IMPORTS = 10


@dataclass(frozen=True)
class Answer:
    """What somebody said of a row: what it is, and cells as they should be, by column."""

    choice: Choice | None = None
    replaces: bool = False
    cells: Mapping[int, str] = field(default_factory=dict)


@transaction.atomic(durable=True)
def begin_import(
    *, key: UUID, region: Region, title: str, content: bytes, actor: User, at: datetime
) -> MapImport:
    """Keep a file, or what was pasted, to be read. Idempotent for the key, which the page chose.

    Raises ``NotAllowed`` unless the region is assigned to the actor, and ``RuleViolation`` for one who has begun many.
    """
    may_map.check(actor, region)
    lock_person(actor)
    earlier = import_made_with(key)
    if earlier is not None and earlier.region_id == region.pk:
        may_import.check(actor, earlier)
        return earlier
    if open_imports(actor) >= MAX_OPEN_IMPORTS:
        raise RuleViolation(_("You have begun ten imports. Finish one of them, or throw one away."))
    return MapImport.objects.create(
        # A page of another region chose the same one: no second click.
        key=uuid4() if earlier else key,
        region=region,
        created_by=actor,
        created_at=at,
        state_at=at,
        title=visible(title)[:200],
        content=content,
    )


@transaction.atomic(durable=True)
def set_columns(
    *,
    import_id: int,
    columns: Sequence[str],
    heading_number: int,
    seen_version: int,
    read: Reader,
    actor: User,
    at: datetime,
) -> MapImport:
    """Say which field each column fills, and which row holds the headings; all rows are judged anew. Idempotent.

    Raises ``NotAllowed``, ``NewerVersion``, and ``RuleViolation`` for columns without a name or with a field twice.
    """
    map_import = lock_import(import_id, actor)
    heading_number = min(heading_number, LAST_ROW)
    chosen = [each if each in FIELDS else "" for each in columns][:MAX_COLUMNS]
    filled = [each for each in chosen if each]
    if len(filled) != len(set(filled)):
        raise RuleViolation(_("Two columns cannot fill the same field. Choose another one for one of them."))
    if "name" not in filled:
        raise RuleViolation(_("Choose the column with the names of the organisations."))
    if (chosen, heading_number) == (map_import.columns, map_import.heading_number):
        return map_import
    check_version(map_import.version, seen_version)
    map_import.columns, map_import.heading_number = chosen, heading_number
    rows = ImportRow.objects.filter(map_import=map_import)
    rows.filter(number__lte=heading_number).update(fate=Fate.HEADING, choice=None)
    rows.filter(number__gt=heading_number).update(fate="", choice=None, replaces=False)
    judge_anew(map_import, read, at=at)
    return map_import


def judge_anew(map_import: MapImport, read: Reader, *, left_out: Collection[int] = (), at: datetime) -> None:
    """Judge the rows without a fate within the caller's act, or leave them to the jobs where they are many.

    Those with a number in ``left_out`` stay left out where they are few.
    """
    waiting = ImportRow.objects.filter(map_import=map_import, fate="").order_by("number")
    map_import.version += 1
    map_import.state_at = at
    if waiting.count() > ROWS_AT_ONCE:
        map_import.state = ImportState.CHECKING
    else:
        map_import.state = ImportState.DECIDING
        judge(map_import, list(waiting), read, left_out=left_out)
    map_import.save()


@transaction.atomic(durable=True)
def decide(
    *,
    import_id: int,
    answers: Mapping[int, Answer],
    seen_version: int,
    read: Reader,
    actor: User,
    at: datetime,
) -> MapImport:
    """Keep what somebody said of rows, by their numbers; a row of which a cell changed is judged anew. Idempotent.

    Raises ``NotAllowed``, and ``NewerVersion`` where something else was said over the seen version (rule 12).
    """
    map_import = lock_import(import_id, actor)
    rows = {each.number: each for each in rows_of(map_import).filter(number__in=list(answers))}
    changed = [row for number, row in rows.items() if _answer(row, answers[number])]
    if not changed:
        return map_import
    check_version(map_import.version, seen_version)
    save_rows(changed, ["cells", "choice", "replaces", "fate"])
    # And what was compared with one of these.
    beside = Q(fate="") | Q(twin_number__in=[each.number for each in changed])
    left_out = {each.number for each in changed if not each.fate and each.choice == Choice.SKIP}
    judge(map_import, list(rows_of(map_import).filter(beside)), read, left_out=left_out)
    map_import.version += 1
    map_import.state_at = at
    map_import.save(update_fields=["version", "state_at"])
    return map_import


def _answer(row: ImportRow, answer: Answer) -> bool:
    """Write an answer on a row, and tell whether that changed anything; a row that is to be judged anew loses its fate."""
    cells = list(row.cells)
    for place, cell in answer.cells.items():
        cells += [""] * (place + 1 - len(cells))
        if not is_as_it_was(cell, cells[place]):
            cells[place] = visible(cell)
    while cells and not cells[-1]:
        cells.pop()
    if cells != row.cells:
        # What was chosen stays where the row turns out to be beside the same one.
        row.choice = answer.choice if is_open_to(row, answer.choice) else None
        row.replaces = answer.replaces and row.choice == Choice.SAME
        row.cells, row.fate = cells, ""
        return True
    choice = answer.choice if is_open_to(row, answer.choice) else row.choice
    replaces = answer.replaces and choice == Choice.SAME
    if (choice, replaces) == (row.choice, row.replaces):
        return False
    row.choice, row.replaces = choice, replaces
    return True


def is_as_it_was(typed: str, kept: str) -> bool:
    """Tell whether a cell comes back from its page as it went there, but for how a browser writes the ends of lines."""
    sent, was = ("\n".join(each.splitlines()) for each in (typed, kept))
    return typed == kept or sent == was


def is_open_to(row: ImportRow, choice: Choice | None) -> bool:
    """Tell whether a choice can be made for a row: the same only beside one of the map, another one never with its number."""
    match choice:
        case None | Choice.SKIP:
            return True
        case Choice.SAME:
            return row.fate == Fate.DOUBTFUL and row.twin_id is not None
        case Choice.NEW:
            return row.fate == Fate.DOUBTFUL and row.by != SameBy.NUMBER


@transaction.atomic(durable=True)
def decide_all(
    *, import_id: int, choice: Choice, replaces: bool = False, actor: User, at: datetime
) -> MapImport:
    """Choose the same for every row that waits for a choice and can have it. Idempotent. Raises ``NotAllowed``."""
    map_import = lock_import(import_id, actor)
    waiting = rows_of(map_import).filter(undecided())
    if choice != Choice.SKIP:
        waiting = waiting.filter(fate=Fate.DOUBTFUL)
    if choice == Choice.SAME:
        waiting = waiting.filter(twin__isnull=False)
    elif choice == Choice.NEW:
        waiting = waiting.exclude(by=SameBy.NUMBER)
    if waiting.order_by().update(choice=choice, replaces=replaces and choice == Choice.SAME):
        map_import.version += 1
        map_import.state_at = at
        map_import.save(update_fields=["version", "state_at"])
    return map_import


@transaction.atomic(durable=True)
def check_again(
    *, import_id: int, refusal: Refusal | None = None, row: int | None = None, at: datetime
) -> bool:
    """Let all rows be judged anew, because the map went on; what was chosen beside the same organisation stays. Idempotent.

    ``refusal`` is why it did not come on the map, for a maker who was not there to hear it, and ``row`` the number of the
    row that this is about.
    """
    map_import = MapImport.objects.select_for_update().get(pk=import_id)
    if map_import.state not in {ImportState.DECIDING, ImportState.TAKING}:
        return False
    rows_of(map_import).order_by().update(fate="")
    map_import.state, map_import.state_at = ImportState.CHECKING, at
    map_import.refusal, map_import.refused_row = refusal or "", row
    map_import.version += 1
    map_import.save(update_fields=["state", "state_at", "refusal", "refused_row", "version"])
    return True


@transaction.atomic(durable=True)
def throw_away(*, import_id: int, actor: User) -> None:
    """Throw away an import that did not come on the map, with its rows. Raises ``NotAllowed``, and ``RuleViolation`` for another one."""
    map_import = MapImport.objects.select_for_update(of=("self",)).get(pk=import_id)
    may_import.check(actor, map_import)
    if map_import.state in {*ON_MAP, ImportState.TAKING}:
        raise RuleViolation(_("This import is on the map. You can undo it."))
    map_import.delete()


@transaction.atomic(durable=True)
def forget_import(*, import_id: int, at: datetime) -> bool:
    """Forget an import on which nobody worked for a month, with its rows; the map keeps what came on it. Idempotent."""
    map_import = MapImport.objects.select_for_update().filter(pk=import_id).first()
    if map_import is None or not imports_to_forget(at=at).filter(pk=import_id).exists():
        return False
    map_import.delete()
    return True


def lock_import(import_id: int, actor: User) -> MapImport:
    """Return an import that waits for its maker, locked. Raises ``NotAllowed`` and ``RuleViolation``."""
    found = MapImport.objects.select_for_update(of=("self",)).select_related("region", "created_by")
    map_import = found.get(pk=import_id)
    may_import.check(actor, map_import)
    if map_import.state != ImportState.DECIDING:
        raise RuleViolation(_("This import no longer waits for choices. Look how far it is."))
    return map_import
