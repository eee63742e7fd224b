"""Words of a spreadsheet that are in no list of ours: what its maker says that each of them means, for all rows at once."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import check_version
from imports.domain.importing import judge_anew, lock_import
from imports.domain.judging import Reader
from imports.domain.tables import plain
from imports.domain.words import FIELDS, Words, key_of
from imports.enums import Choice
from imports.models import MapImport
from imports.queries import cells_by_row, cells_together, rows_of

# A longer one is a sentence, which is mended in its row.
_MAX_LETTERS = 200
# So many words are asked for at once; the next ones after these.
MOST_WORDS = 30


@dataclass(frozen=True)
class UnknownWord:
    """A word that is in no list: of which field, in how many rows, and the code of what it means, if that was said."""

    field: str
    key: str
    word: str
    rows: int
    meaning: str


def unknown_words(map_import: MapImport, words: Words) -> list[UnknownWord]:
    """Return the words that are in no list, by field, those in most rows first; in one query, or none without lists."""
    places = _listed(map_import, words)
    if not places:
        return []
    rows: Counter[tuple[str, str]] = Counter()
    spelled: dict[tuple[str, str], str] = {}
    for *cells, number in cells_together(map_import, list(places.values())):
        for field, cell in zip(places, cells, strict=True):
            for key, word in _unknown(words, field, cell).items():
                rows[field, key] += number
                spelled[field, key] = min(word, spelled.get((field, key), word))
    found = [
        UnknownWord(field, key, spelled[field, key], number, map_import.meanings.get(field, {}).get(key, ""))
        for (field, key), number in rows.items()
    ]
    order = list(FIELDS)
    return sorted(found, key=lambda each: (order.index(each.field), -each.rows, each.key))


def _listed(map_import: MapImport, words: Words) -> dict[str, int]:
    """Return the columns whose cells are words of a list, by field."""
    return {field: place for place, field in enumerate(map_import.columns) if words.is_listed(field)}


def _unknown(words: Words, field: str, cell: str | None) -> dict[str, str]:
    """Return the words of a cell that are in no list, by key."""
    found = words.unknown(field, plain(cell or ""))
    return {key_of(each): each for each in found if len(each) <= _MAX_LETTERS}


@transaction.atomic(durable=True)
def say_meanings(
    *,
    import_id: int,
    meanings: Mapping[tuple[str, str], str],
    seen_version: int,
    read: Reader,
    words: Words,
    actor: User,
    at: datetime,
) -> MapImport:
    """Say what words mean that are in no list, by field and key: the code of one that is, ``LEFT_OUT``, or nothing any more.

    A word that is no municipality can mean several: their codes with commas between them. All rows
    with these words are judged anew, and stay left out where they were. Idempotent. What is no word of this file is passed
    by. Raises ``NotAllowed``, ``NewerVersion``, and ``RuleViolation`` for a code that is in no list.
    """
    map_import = lock_import(import_id, actor)
    there = {(each.field, each.key): each.meaning for each in unknown_words(map_import, words)}
    said = {word: code for word, code in meanings.items() if there.get(word, code) != code}
    for (field, _key), code in said.items():
        if code and not words.can_mean(field, code):
            raise RuleViolation(_("Choose a word from the list."))
    if not said:
        return map_import
    check_version(map_import.version, seen_version)
    kept = {field: dict(known) for field, known in map_import.meanings.items()}
    for (field, key), code in said.items():
        known = kept.setdefault(field, {})
        known.pop(key, None)
        if code:
            known[key] = code
    map_import.meanings = kept
    _judge_with(map_import, set(said), read, words, at=at)
    return map_import


def _judge_with(
    map_import: MapImport, said: set[tuple[str, str]], read: Reader, words: Words, *, at: datetime
) -> None:
    """Judge the rows anew that have one of these words, and those that were compared with them."""
    places = _listed(map_import, words)
    numbers = [
        number
        for number, *cells in cells_by_row(map_import, list(places.values()))
        if any(
            (field, key) in said
            for field, cell in zip(places, cells, strict=True)
            for key in _unknown(words, field, cell)
        )
    ]
    rows = rows_of(map_import).filter(Q(number__in=numbers) | Q(twin_number__in=numbers))
    left_out = set(rows.filter(choice=Choice.SKIP).values_list("number", flat=True))
    rows.order_by().update(fate="")
    judge_anew(map_import, read, left_out=left_out, at=at)
