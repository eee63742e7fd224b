"""What the database knows of the size of its tables."""

import pytest
from django.db import connection, models

from hubportal.kernel.row_counts import count_rows_anew
from regions.models import Municipality, Region
from tests.factories.regions import RegionFactory

pytestmark = pytest.mark.django_db


def rows_known(table: type[models.Model]) -> int:
    """Return how many rows the database believes a table to have; -1 where it never counted them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [table._meta.db_table])
        [(known,)] = cursor.fetchall()
    return int(known)


def test_rows_are_counted_when_asked() -> None:
    for count in (2, 3):
        while Region.objects.count() < count:
            RegionFactory.create()
        count_rows_anew(Region, Municipality)
        assert (rows_known(Region), rows_known(Municipality)) == (count, 0)
