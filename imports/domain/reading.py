"""Reading the file of an import."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from hubportal.documents.domain.bounded import TooCostly, run_bounded
from hubportal.kernel.text import visible
from imports.domain.judging import Reader, check_rows
from imports.domain.tables import ROWS_ABOVE, Table, UnreadableTable, read_pasted, read_text, table_of
from imports.domain.words import Words
from imports.enums import MAX_COLUMNS, MAX_ROWS, ROWS_AT_ONCE, Failure, Fate, ImportState
from imports.models import ImportRow, MapImport
from imports.queries import import_now

# Not imported: the libraries that it reads and writes with would take memory of every web server.
WORKBOOKS = str(Path(__file__).with_name("workbooks.py"))
# What a file of the allowed size may unpack to; a sheet of 10,000 rows stays far below it.
_MAX_EXPANSION = 20
_ARCHIVES = (b"PK", b"\xd0\xcf\x11\xe0")


def is_workbook(data: bytes) -> bool:
    """Tell whether a file says of itself that it is no text."""
    return data.startswith(_ARCHIVES)


def read_file(*, import_id: int, words: Words, at: datetime) -> bool:
    """Read the file of an import, and keep its rows; ``False`` if it was read meanwhile. Raises ``TooBusy``.

    It takes up to some seconds, in which nothing is locked.
    """
    map_import = import_now(import_id)
    data = bytes(map_import.content)
    try:
        if is_workbook(data):
            table = _read_workbook(data)
        else:
            table = read_text(data) if map_import.title else read_pasted(data.decode())
    except UnreadableTable as unreadable:
        return keep_rows(import_id=import_id, failure=unreadable.failure, at=at)
    heading, columns = words.guess([cells for _number, cells in table.rows])
    number = table.rows[heading - 1][0] if heading else 0
    return keep_rows(import_id=import_id, table=table, heading_number=number, columns=columns, at=at)


def read_at_once(*, import_id: int, read: Reader, words: Words, at: datetime) -> None:
    """Read and judge what is short enough for somebody to wait for; the rest is left to the jobs."""
    read_file(import_id=import_id, words=words, at=at)
    if import_now(import_id).rows.count() <= ROWS_AT_ONCE + ROWS_ABOVE:
        check_rows(import_id=import_id, read=read, at=at)


def _read_workbook(data: bytes) -> Table:
    bounds = {
        "max_rows": MAX_ROWS + ROWS_ABOVE,
        "max_columns": MAX_COLUMNS,
        "max_unpacked": settings.UPLOAD_LIMIT_BYTES * _MAX_EXPANSION,
        "max_letters": settings.UPLOAD_LIMIT_BYTES,
    }
    try:
        found: dict[str, Any] = json.loads(run_bounded(WORKBOOKS, "read", data, settings=bounds))
    except TooCostly as costly:
        raise UnreadableTable(Failure.COSTLY) from costly
    if refused := found.get("refused"):
        raise UnreadableTable(Failure(refused))
    return table_of(found["rows"], visible(f"xlsx, {found['sheet']}")[:80])


@transaction.atomic(durable=True)
def keep_rows(
    *,
    import_id: int,
    table: Table | None = None,
    heading_number: int = 0,
    columns: list[str] | None = None,
    failure: Failure | None = None,
    at: datetime,
) -> bool:
    """Keep the rows of a file in its place, or why it cannot be read. Idempotent."""
    map_import = MapImport.objects.select_for_update().get(pk=import_id)
    if map_import.state != ImportState.READING:
        return False
    map_import.content, map_import.state_at = b"", at
    if table is None:
        map_import.state, map_import.failure = ImportState.FAILED, failure or Failure.DAMAGED
        map_import.save()
        return True
    map_import.state, map_import.read_as = ImportState.CHECKING, table.read_as
    map_import.heading_number, map_import.columns = heading_number, columns or []
    map_import.save()
    ImportRow.objects.bulk_create(
        (
            ImportRow(
                map_import=map_import,
                number=number,
                cells=cells,
                fate=Fate.HEADING if number <= heading_number else "",
            )
            for number, cells in table.rows
        ),
        batch_size=1000,
    )
    return True
