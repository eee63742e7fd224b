"""The rows of an import as its page shows them: what each says, what it may be, and what can be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hubportal.kernel.languages import dutch
from hubportal.middleware import SignedInRequest
from hubportal.paging import ROWS_PER_PAGE
from imports.domain.comparing import NEVER_REPLACED, compare
from imports.domain.importing import is_as_it_was, is_open_to
from imports.domain.tables import ROWS_ABOVE, plain
from imports.domain.words import FIELDS, Words
from imports.enums import MAX_TYPED, Choice, Fate
from imports.forms.rows import ReadRow, RowReader
from imports.models import ImportRow, MapImport
from imports.queries import first_rows, numbers_by_fate, rows_of, undecided
from imports.views.meanings import asked_words
from imports.views.wording import in_words
from mapping.domain.cells import value_of
from mapping.enums import SameBy
from mapping.grid_queries import entry_in, rows_with_all
from mapping.models import MapEntry
from mapping.permissions import may_edit, may_take
from organisations.models import Organisation
from regions.models import Region

# Which rows are shown, by their word in the address.
_LOTS = {
    "open": undecided(),
    "nieuw": Q(fate=Fate.NEW),
    "zelfde": Q(fate=Fate.SAME),
    "twijfel": Q(fate=Fate.DOUBTFUL),
    "fout": Q(fate=Fate.WRONG),
    "alle": Q(),
}
_EXAMPLES = 3
_READ_AS = {
    "semicolon": gettext_lazy("semicolon"),
    "comma": gettext_lazy("comma"),
    "tab": gettext_lazy("tab"),
    "pasted": gettext_lazy("pasted"),
}


@dataclass(frozen=True)
class ShownCell:
    """A cell of a row: its column, what stands in it, and what is wrong with it or stands on the map instead.

    ``meant`` is what it becomes, where it says a word that somebody gave a meaning.
    """

    place: int
    label: str | Promise
    text: str
    mistake: str = ""
    on_map: Any = ""
    is_filled: bool = False
    is_never_replaced: bool = False
    meant: Any = ""

    @property
    def has_lines(self) -> bool:
        """Tell whether it has several lines, which a field of one line would lose."""
        return "\n" in self.text or "\r" in self.text


@dataclass
class ShownRow:
    """A row of an import as the page shows it."""

    row: ImportRow
    cells: list[ShownCell]
    twin: Organisation | None = None
    by: str | Promise = ""
    choices: list[Choice] = field(default_factory=list)
    can_replace: bool = False
    # Of a row that is perhaps known: each column as it can be mended in place, and whether something was typed there.
    mendable: list[ShownCell] = field(default_factory=list)
    is_typed_over: bool = False

    @property
    def name(self) -> str:
        """Return what the row is called."""
        return next((each.text for each in self.cells if each.label == FIELDS["name"]), "")


def rows_page(
    request: SignedInRequest, region: Region, map_import: MapImport, *, refused: str = "", status: int = 200
) -> HttpResponse:
    """Show the columns of an import and a page of its rows; what was typed and could not be saved stands in them."""
    numbers = numbers_by_fate(map_import)
    asked = request.POST.get("lot") or request.GET.get("rijen", "")
    lot = asked if asked in _LOTS else ("open" if numbers.get("open") else "alle")
    found = rows_of(map_import).filter(_LOTS[lot])
    number = request.POST.get("page") or request.GET.get("page")
    page = Paginator(found, ROWS_PER_PAGE).get_page(number)
    read = RowReader()
    shown = _shown(request, region, map_import, page, read)
    columns = _columns(request, map_import)
    context = {
        "region": region,
        "import": map_import,
        "numbers": numbers,
        "lot": lot,
        "page": page,
        "rows": shown,
        "columns": columns,
        "left_out": [each for each in columns if not each["field"] and (each["heading"] or each["examples"])],
        "fields": FIELDS.items(),
        "headings": sorted({*range(ROWS_ABOVE + 1), map_import.heading_number}),
        "has_name": "name" in map_import.columns,
        "refused": refused,
        "words": asked_words(map_import, region, read.words, request.POST),
        "read_as": ", ".join(str(_READ_AS.get(each, each)) for each in map_import.read_as.split(", ")),
    }
    return render(request, "imports/rows.html", context, status=status)


def _columns(request: SignedInRequest, map_import: MapImport) -> list[dict[str, Any]]:
    """Return each column with its heading, what stands in it first, and the field that it fills."""
    rows = list(first_rows(map_import, ROWS_ABOVE + 1 + _EXAMPLES))
    heading: list[str] = next((each.cells for each in rows if each.number == map_import.heading_number), [])
    below = [each.cells for each in rows if each.number > map_import.heading_number][:_EXAMPLES]
    return [
        {
            "place": place,
            "heading": heading[place] if place < len(heading) else "",
            "examples": [row[place] for row in below if place < len(row) and row[place].strip()],
            "field": request.POST.get(f"kolom-{place}", chosen),
        }
        for place, chosen in enumerate(map_import.columns)
    ]


def _shown(
    request: SignedInRequest, region: Region, map_import: MapImport, page: Page[ImportRow], read: RowReader
) -> list[ShownRow]:
    twins = [each.twin_id for each in page if each.twin_id]
    # Rule 26: what its maker may no longer know of is not shown.
    known = rows_with_all(twins, region).filter(pk__in=may_take.rows(request.user).values("pk"))
    whole = {each.pk: each for each in known}
    editable = set(may_edit.rows(request.user).filter(pk__in=twins).values_list("pk", flat=True))
    shown = []
    for row in page:
        typed = _typed_over(row, request.POST, len(map_import.columns))
        reading = read(map_import.columns, typed, map_import.meanings)
        twin = whole.get(row.twin_id or 0)
        cells = [
            _cell(
                reading,
                row,
                map_import.columns[place],
                (place, typed[place] if place < len(typed) else ""),
                (twin, entry_in(twin, region)) if twin else None,
            )
            for place in _places(map_import, row, reading)
        ]
        cells = [_with_meaning(each, map_import.columns[each.place], reading, read.words) for each in cells]
        each = ShownRow(row, cells, twin, SameBy(row.by).label if row.by else "")
        each.choices = [choice for choice in Choice if is_open_to(row, choice)]
        each.can_replace = row.twin_id in editable and any(
            cell.on_map and not cell.is_never_replaced for cell in cells
        )
        if row.fate == Fate.DOUBTFUL:
            each.mendable, each.is_typed_over = _mendable(map_import, row, typed, reading)
        shown.append(each)
    return shown


def _with_meaning(cell: ShownCell, name: str, reading: ReadRow, words: Words) -> ShownCell:
    if cell.mistake or not words.unknown(name, cell.text):
        return cell
    return replace(cell, meant=dutch(in_words(name, reading.values.get(name))) or _("nothing"))


def _mendable(
    map_import: MapImport, row: ImportRow, typed: Sequence[str], reading: ReadRow
) -> tuple[list[ShownCell], bool]:
    """Return the cells of a row as they can be mended, also the empty ones, and whether one was typed over."""
    texts = _filled(typed, len(map_import.columns))
    kept = _filled(row.cells, len(map_import.columns))
    cells = [
        ShownCell(place, FIELDS[name], texts[place], reading.mistakes.get(name, ""))
        for place, name in enumerate(map_import.columns)
        if name and len(kept[place]) <= MAX_TYPED
    ]
    return cells, not all(map(is_as_it_was, texts, kept))


def _filled(cells: Sequence[str], number: int) -> list[str]:
    """Return cells with empty ones up to a number of columns."""
    return [*cells, *[""] * (number - len(cells))]


def _typed_over(row: ImportRow, posted: Mapping[str, Any], columns: int) -> list[str]:
    """Return the cells of a row with what was typed over them; and choose on the row what was chosen."""
    cells = list(row.cells)
    for place in range(columns):
        typed = posted.get(f"cel-{row.number}-{place}")
        if typed is not None:
            cells += [""] * (place + 1 - len(cells))
            cells[place] = typed
    if f"rij-{row.number}" in posted:
        chosen = posted.get(f"keuze-{row.number}", "")
        row.choice = int(chosen) if chosen in {"1", "2", "3"} else None
        row.replaces = f"vervang-{row.number}" in posted
    return cells


def _places(map_import: MapImport, row: ImportRow, reading: ReadRow) -> list[int]:
    """Return the columns of a row that are shown: what it says, and what is wrong."""
    columns = map_import.columns
    return [
        place
        for place, name in enumerate(columns)
        if name and (name in reading.mistakes or (place < len(row.cells) and row.cells[place].strip()))
    ]


def _cell(
    reading: ReadRow,
    row: ImportRow,
    name: str,
    cell: tuple[int, str],
    twin: tuple[Organisation, MapEntry] | None,
) -> ShownCell:
    (place, text), label = cell, FIELDS[name]
    mistake = reading.mistakes.get(name, "")
    if not mistake and name == "kvk_number" and row.fate == Fate.WRONG and row.twin_number:
        mistake = _("Row %(number)s has this number too.") % {"number": row.twin_number}
    if mistake:
        return ShownCell(place, label, text, mistake)
    if twin is None or name not in reading.values:
        return ShownCell(place, label, plain(text))
    comparison = compare({name: reading.values[name]}, *twin)
    on_map = in_words(name, value_of(*twin, name)) if comparison.differing else ""
    is_filled, is_never_replaced = bool(comparison.filled), name in NEVER_REPLACED
    return ShownCell(place, label, plain(text), "", dutch(on_map), is_filled, is_never_replaced)
