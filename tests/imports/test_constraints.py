"""The database keeps what an import and its rows can be."""

import pytest

from imports.enums import ImportState
from imports.models import ImportRow
from tests.breaking import force
from tests.imports.spreadsheets import a_region, begun, checked, mapper_of, text_file
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("import_in_a_known_state", {"state": "lost"}),
        ("import_failed_for_a_reason", {"state": ImportState.FAILED}),
        ("import_failed_for_a_reason", {"failure": "empty"}),
        ("import_keeps_its_file_until_it_is_read", {"content": b"Naam"}),
        ("import_refused_only_before_it_is_taken", {"state": ImportState.TAKEN, "refusal": "went_on"}),
        ("import_refused_for_a_known_reason", {"refusal": "De kaart is veranderd."}),
    ],
)
def test_an_import_is_in_a_state_that_fits_it(name: str, values: dict[str, object]) -> None:
    region = a_region()
    made = checked(region, mapper_of(region), text_file([["Naam"], ["Raad"]]))
    with refused_by(name):
        force(made, **values)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("import_row_of_a_known_fate", {"fate": "lost"}),
        ("import_row_of_a_known_choice", {"choice": 4}),
        ("import_row_of_a_known_outcome", {"outcome": "lost"}),
        ("import_row_kept_or_off_the_map", {"was_kept": True, "was_off_map": True}),
        ("import_row_once_per_number", {"number": 1}),
    ],
)
def test_a_row_is_one_of_the_things_that_a_row_can_be(name: str, values: dict[str, object]) -> None:
    region = a_region()
    made = checked(region, mapper_of(region), text_file([["Naam"], ["Raad"]]))
    with refused_by(name):
        force(ImportRow.objects.get(map_import=made, number=2), **values)


def test_a_key_is_of_one_import() -> None:
    region = a_region()
    first, second = (begun(region, mapper_of(region), b"Naam") for _number in range(2))
    with refused_by("imports_mapimport_key_key"):
        force(second, key=first.key)


def test_nobody_undoes_an_import_that_is_not_being_undone() -> None:
    region = a_region()
    user = mapper_of(region)
    made = begun(region, user, b"Naam")
    with refused_by("import_undone_by_somebody_while_it_is_undone"):
        force(made, undone_by=user)
