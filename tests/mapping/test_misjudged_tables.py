"""Reads of the map take no minutes where the database misjudges how many rows there are.

It counts the rows of each table now and then. After an import it may still take a large table for one with a single row, and
look at each row beside every other. That is borne; for each row anew, it is not.
"""

from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from mapping.grid_queries import rows_of_map, rows_with_all
from mapping.models import Tie
from mapping.queries import organisations_to_take
from mapping.ties import called, joins_worlds, ties_of, with_ties
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region
from tests.factories.accounts import person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.regions import RegionFactory

pytestmark = pytest.mark.django_db

ROWS = 100
# Each row beside every other, some times over; all that for each row anew would be ten times as much at least.
MOST = 10 * ROWS**2


@pytest.fixture
def region() -> Region:
    """Return a region of many organisations, in tables that are taken for nearly empty."""
    region: Region = RegionFactory.create()
    through = Organisation.works_in.through._default_manager
    for round_ in range(2):
        made = Organisation.objects.bulk_create(
            Organisation(name=f"Kring {each}", sort_name=f"kring {each}", created_at=AT, mapped_at=AT)
            for each in range(ROWS)
        )
        through.bulk_create(through.model(organisation=each, region=region) for each in made)
        if round_ == 0:
            # All but one go, and the database counts what is left.
            through.exclude(organisation=made[0]).delete()
            Organisation.objects.exclude(pk=made[0].pk).delete()
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE organisations_organisation, organisations_organisation_works_in")
                cursor.execute("ANALYZE mapping_mapentry, mapping_kwartiermakerassignment")
    return region


@pytest.fixture
def mapper(region: Region) -> User:
    user = person(Role.KWARTIERMAKER)
    KwartiermakerAssignmentFactory.create(user=user, region=region)
    return user


def looked_at(read: "Callable[[], Iterable[Any]]") -> int:
    """Return how many rows the database looked at in all queries of a read, each as often as it did."""
    with CaptureQueriesContext(connection) as captured:
        list(read())
    count = 0
    with connection.cursor() as cursor:
        for query in captured.captured_queries:
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {query['sql']}")
            [(found,)] = cursor.fetchall()
            count += _looked_at(found[0]["Plan"])
    return count


def _looked_at(plan: dict[str, Any]) -> int:
    removed = sum(count for name, count in plan.items() if name.startswith("Rows Removed by"))
    here = (plan["Actual Rows"] + removed) * plan["Actual Loops"]
    return int(here) + sum(_looked_at(each) for each in plan.get("Plans", []))


@pytest.mark.parametrize("typed", ["", "kring"])
@pytest.mark.parametrize("ties", ["none", "gone", "many"])
def test_the_grid_and_ties_look_at_no_row_time_and_again(
    region: Region, mapper: User, ties: str, typed: str
) -> None:
    listed = list(Organisation.objects.order_by("pk"))
    keys, one = [each.pk for each in listed], listed[0]
    if ties != "none":
        both = product(listed[:20], listed[20:40])
        Tie.objects.bulk_create(
            Tie(one=first, other=second, kind="advises", created_by=mapper, created_at=AT)
            for first, second in both
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mapping_tie")
    if ties == "gone":
        Tie.objects.all().delete()
    reads: dict[str, Callable[[], Iterable[Any]]] = {
        "rows of the grid": lambda: rows_of_map(region, typed=typed, order="naam", user=mapper),
        "rows of a page": lambda: with_ties(rows_with_all(keys, region), mapper),
        "across worlds": lambda: organisations_in(region).filter(joins_worlds(mapper)),
        "to take": lambda: organisations_to_take(mapper),
        "called": lambda: called("kring", mapper),
        "ties of one": lambda: ties_of(one, mapper),
    }
    assert {name: count for name, read in reads.items() if (count := looked_at(read)) > MOST} == {}
