"""The table of a picture as CSV or XLSX, and its drawing as PNG."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from hubportal.documents.domain.bounded import SLOTS, run_bounded
from imports.domain.reading import WORKBOOKS
from imports.domain.tables import harmless

# Not imported: the library that it draws with would take memory of every web server.
RASTERS = str(Path(__file__).with_name("rasters.py"))
_FONTS = ("SourceSans3-Regular.ttf", "SourceSans3-Semibold.ttf")
# Dots per unit of the drawing.
_ZOOM = 2.0


def as_text(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> bytes:
    """Return a table as CSV: UTF-8 with its mark, semicolons, no cell a formula."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow(headings)
    writer.writerows([harmless(cell) for cell in line] for line in lines)
    return f"\ufeff{written.getvalue()}".encode()


def as_workbook(sheet: str, headings: Sequence[str], lines: Sequence[Sequence[str]], *, slots: str) -> bytes:
    """Return a table as XLSX, in which every cell is text; ``slots`` as for ``as_png``. Raises ``TooBusy`` and ``TooCostly``."""
    rows = [[harmless(cell) for cell in line] for line in lines]
    # What a sheet may be called at most.
    table = {"sheet": sheet[:31], "headings": list(headings), "rows": rows}
    return run_bounded(WORKBOOKS, "write", json.dumps(table).encode(), slots=SLOTS[slots])


def as_png(svg: str, *, slots: str) -> bytes:
    """Return a drawing as PNG, in one of the ``slots`` of its readers: of strangers fewer. Raises ``TooBusy`` and ``TooCostly``."""
    folder = Path(settings.STATICFILES_DIRS[0]) / "fonts" / "ttf"
    fonts = [str(folder / each) for each in _FONTS]
    return run_bounded(
        RASTERS, "draw", svg.encode(), slots=SLOTS[slots], settings={"fonts": fonts, "zoom": _ZOOM}
    )
