"""What the database knows of how many rows its tables have, by which it plans each query."""

from django.db import connection, models


def count_rows_anew(*tables: type[models.Model]) -> None:
    """Let the database count the rows of these tables now, for an act that added thousands.

    Left to itself it counts a minute later. Until then it takes them for nearly empty, and goes through the whole table for
    each row: whatever reads them waits for minutes, and so does the end of the act, where foreign keys are checked.
    """
    names = ", ".join(connection.ops.quote_name(each._meta.db_table) for each in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")
