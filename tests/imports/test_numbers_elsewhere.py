"""Rows with a KvK number that the portal knows elsewhere: nothing of that is told, and they cost no more (rule 26)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hubportal.audit.models import AuditEvent
from imports.domain.undoing import undo_import
from imports.enums import ImportState
from organisations.models import Organisation
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, organisation_in, speaker_for
from tests.factories.regions import RegionFactory
from tests.imports.spreadsheets import a_region, checked, mapper_of, taken, text_file
from tests.imports.test_taking import HEADINGS, names, take

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", ["11111111", "22222222"])
def test_a_number_that_the_portal_knows_elsewhere_is_taken_as_any_other(number: str) -> None:
    """Rule 26: of a coalition, or on the map of another region."""
    region = a_region()
    user = mapper_of(region)
    partner = OrganisationFactory.create(name="Coalitiepartner", kvk_number="11111111", mapped_at=None)
    speaker_for(partner)
    organisation_in(RegionFactory.create(), name="Elders", kvk_number="22222222")
    keys = set(Organisation.objects.values_list("pk", flat=True))
    made = taken(region, user, text_file([HEADINGS, ["Nieuwe naam", number]]))
    assert names(region) == ["Nieuwe naam"]
    undo_import(import_id=made.pk, actor=user, at=AT)
    made.refresh_from_db()
    assert (names(region), made.state) == ([], ImportState.UNDONE)
    # Who takes part keeps their organisation, of which nothing was told.
    assert set(Organisation.objects.values_list("pk", flat=True)) == keys
    assert not made.rows.filter(was_kept=True).exists()


def test_numbers_that_are_on_maps_elsewhere_take_no_queries_per_row() -> None:
    """Rule 26: thousands of them would hold the rows of other regions for minutes."""
    region, elsewhere = a_region(), RegionFactory.create()
    user = mapper_of(region)
    numbers = [f"{20_000_000 + each}" for each in range(40)]
    for number in numbers:
        organisation_in(elsewhere, kvk_number=number)
    used = []
    for part in (numbers[:3], numbers[3:]):
        made = checked(region, user, text_file([HEADINGS[:2], *([f"Raad {each}", each] for each in part)]))
        with CaptureQueriesContext(connection) as queries:
            take(made, user)
        used.append(len(queries))
    apart = Organisation.objects.filter(apart_in=region)
    assert sorted(apart.values_list("kvk_number", flat=True)) == numbers
    assert (
        AuditEvent.objects.filter(act="organisations.added", subject_id__in=apart.values("pk")).count() == 40
    )
    assert used == [25, 25]
    undo_import(import_id=made.pk, actor=user, at=AT)
    assert apart.count() == 3
