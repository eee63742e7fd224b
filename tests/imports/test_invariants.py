"""What the check of invariants finds of imports (rules 23, 24 and 30)."""

from typing import Any

import pytest

from imports import invariants
from imports.invariants import violations
from imports.models import ImportRow
from tests.breaking import Breaks, force, sentences_in
from tests.imports.spreadsheets import a_region, checked, mapper_of, taken, text_file

pytestmark = pytest.mark.django_db

breaks = Breaks()


@breaks(23, "keeps what its file said, which is on the map already")
def cells_kept(_waiting: ImportRow, taken: ImportRow) -> Any:
    return force(taken, cells=["Raad"])


@breaks(23, "keeps words of its file, which is on the map already")
def meanings_kept(_waiting: ImportRow, taken: ImportRow) -> Any:
    return force(taken.map_import, meanings={"kind": {"belangenver": "-"}})


@breaks(30, "came on the map before its import was taken")
def too_early(waiting: ImportRow, _taken: ImportRow) -> Any:
    return force(waiting, outcome="added")


@pytest.fixture
def rows() -> tuple[ImportRow, ImportRow]:
    """Return a row that waits for its maker, and one that came on the map."""
    region = a_region()
    user = mapper_of(region)
    done = taken(region, user, text_file([["Naam"], ["Raad"]]))
    waits = checked(region, user, text_file([["Naam"], ["Kring"]]))
    return waits.rows.get(number=2), done.rows.get(number=2)


def test_rows_of_sound_imports_break_nothing(rows: tuple[ImportRow, ImportRow]) -> None:
    assert list(violations()) == []


@pytest.mark.parametrize(("rule", "sentence", "act"), breaks)
def test_a_broken_rule_is_named(
    rows: tuple[ImportRow, ImportRow], rule: int, sentence: str, act: Any
) -> None:
    row = act(*rows)
    named = [(each.rule, each.model, each.row, each.sentence) for each in violations()]
    assert named == [(rule, row._meta.label, row.pk, sentence)]


def test_every_sentence_is_tried() -> None:
    assert breaks.sentences == sentences_in(invariants)
