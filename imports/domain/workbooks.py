"""Reading and writing spreadsheets in the format XLSX, in a process of its own.

It runs as a program, see ``hubportal.documents.domain.bounded``, and knows neither Django nor the rest of the portal: a
file can be made to cost far more than its size suggests.
"""

import json
import resource
import sys
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

# Why a file is refused; nothing when it is not.
DAMAGED, COSTLY, ENCRYPTED = "damaged", "costly", "encrypted"
MAX_ENTRIES = 1000
# No program that people use makes a longer cell; what reads the rows looks at every sign of them.
MAX_CELL = 32_767
_PIECE = 64 * 1024
# Of files that Excel wrote before 2007, and of those that it keeps behind a password.
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
_DECLARATIONS = (b"<!doctype", b"<!entity")


class RefusedWorkbook(Exception):  # noqa: N818 -- it names what the file is
    """A spreadsheet that is not read, with the reason."""


def check_archive(data: bytes, *, max_unpacked: int) -> None:
    """Refuse an archive that unpacks to too much, whatever it says of itself, or that declares entities of XML."""
    if data.startswith(_OLD_OR_LOCKED):
        raise RefusedWorkbook(ENCRYPTED)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or sum(each.file_size for each in entries) > max_unpacked:
                raise RefusedWorkbook(COSTLY)
            if any(each.flag_bits & 1 for each in entries):
                raise RefusedWorkbook(ENCRYPTED)
            _check_entries(archive, entries, max_unpacked)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as problem:
        raise RefusedWorkbook(DAMAGED) from problem


def _check_entries(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], max_unpacked: int) -> None:
    for entry in entries:
        before = b""
        with archive.open(entry) as opened:
            # What it says of its size is checked while it is unpacked.
            while part := opened.read(_PIECE):
                max_unpacked -= len(part)
                if max_unpacked < 0:
                    raise RefusedWorkbook(COSTLY)
                # A declaration may stand where two pieces meet; in two bytes per letter it has zeros in between.
                seen = (before + part).replace(b"\0", b"").lower()
                if any(each in seen for each in _DECLARATIONS):
                    raise RefusedWorkbook(DAMAGED)
                before = part[-64:]


def read(
    data: bytes, *, max_rows: int, max_columns: int, max_unpacked: int, max_letters: int
) -> dict[str, Any]:
    """Return the rows of the first sheet that is shown and holds something, as text, or why the file is refused.

    One row more than the most, so that the caller sees that there are too many. All cells together hold ``max_letters``.
    """
    # Only here: what writes does not read.
    import python_calamine as calamine

    try:
        check_archive(data, max_unpacked=max_unpacked)
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
    except RefusedWorkbook as refused:
        return {"refused": str(refused)}
    except calamine.PasswordError:
        return {"refused": ENCRYPTED}
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, OSError, ValueError):
        return {"refused": DAMAGED}
    return {"refused": "empty"}


def _in_words(rows: list[list[Any]], max_letters: int) -> list[list[str]]:
    """Return what the cells show. Refuses a longer text than a file of the allowed size could hold that is not packed."""
    words = []
    for row in rows:
        words.append([in_words(cell) for cell in row])
        lengths = [len(cell) for cell in words[-1]]
        max_letters -= sum(lengths)
        if max_letters < 0 or max(lengths, default=0) > MAX_CELL:
            raise RefusedWorkbook(COSTLY)
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
