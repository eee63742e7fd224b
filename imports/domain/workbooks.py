"""Reading and writing spreadsheets in the format XLSX, in a process of its own.

It runs as a program, see ``hubportal.documents.domain.bounded``, and knows neither Django nor the rest of the portal: a
file can be made to cost far more than its size suggests.
"""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace
from typing import Any

# By its place, without the packages around it and what they bring along.
_archives = SimpleNamespace(
    **run_path(str(Path(__file__).parents[2] / "hubportal" / "documents" / "domain" / "archives.py"))
)
# No program that people use makes a longer cell; what reads the rows looks at every sign of them.
MAX_CELL = 32_767


def read(
    data: bytes, *, max_rows: int, max_columns: int, max_unpacked: int, max_letters: int
) -> dict[str, Any]:
    """Return the rows of the first sheet that is shown and holds something, as text, or why the file is refused.

    One row more than the most, so that the caller sees that there are too many. All cells together hold ``max_letters``.
    """
    # Only here: what writes does not read.
    import python_calamine as calamine

    try:
        _archives.check_archive(data, max_unpacked=max_unpacked)
        with calamine.CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            for sheet in book.sheets_metadata:
                if sheet.visible != calamine.SheetVisibleEnum.Visible:
                    continue
                if sheet.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                table = book.get_sheet_by_name(sheet.name)
                if table.total_width > max_columns and table.end is not None:
                    return {"refused": "too_wide"}
                rows = table.to_python(skip_empty_area=False, nrows=max_rows + 1)
                if any(cell != "" for row in rows for cell in row):
                    return {"sheet": sheet.name, "rows": _in_words(rows, max_letters)}
    except _archives.RefusedArchive as refused:
        return {"refused": str(refused)}
    except calamine.PasswordError:
        return {"refused": _archives.ENCRYPTED}
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, OSError, ValueError):
        return {"refused": _archives.DAMAGED}
    return {"refused": "empty"}


def _in_words(rows: list[list[Any]], max_letters: int) -> list[list[str]]:
    """Return what the cells show. Refuses a longer text than a file of the allowed size could hold that is not packed."""
    words = []
    for row in rows:
        words.append([in_words(cell) for cell in row])
        lengths = [len(cell) for cell in words[-1]]
        max_letters -= sum(lengths)
        if max_letters < 0 or max(lengths, default=0) > MAX_CELL:
            raise _archives.RefusedArchive(_archives.COSTLY)
    return words


def in_words(cell: Any) -> str:
    """Return what a cell shows: whole numbers without a point, days as people write them here."""
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.strftime("%d-%m-%Y")
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return cell.strftime("%d-%m-%Y")
    if isinstance(cell, time | timedelta | datetime):
        return str(cell)
    return str(cell)


def write(table: dict[str, Any]) -> bytes:
    """Return a spreadsheet with one sheet, in which every cell is text: nothing is a formula or a link."""
    # Only here: what reads does not write.
    import xlsxwriter

    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"constant_memory": True})
    # The same rows make the same file, whenever they are asked for.
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 -- the library takes no zone
    sheet = book.add_worksheet(table["sheet"])
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@", "text_wrap": True})
    sheet.freeze_panes(1, 1)
    for column, heading in enumerate(table["headings"]):
        sheet.set_column(column, column, 24)
        sheet.write_string(0, column, heading, bold)
    for number, row in enumerate(table["rows"], start=1):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(number, column, cell, text)
    book.close()
    return made.getvalue()


def main(arguments: list[str]) -> None:
    """Read or write what comes in, with little memory and time."""
    task, settings, bounds = arguments[0], json.loads(arguments[1]), json.loads(arguments[2])
    for name, most in bounds.items():
        resource.setrlimit(getattr(resource, name), (most, most))
    data = sys.stdin.buffer.read()
    if task == "read":
        sys.stdout.buffer.write(json.dumps(read(data, **settings)).encode())
    else:
        sys.stdout.buffer.write(write(json.loads(data)))


if __name__ == "__main__":
    main(sys.argv[1:])
