"""White spots: the picture of a kwartiermaker, and what is public of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mapping.grid_queries import rows_of_map
from mapping.views.facets import Filters, facets_of, places_of
from mapping.views.matrix import Filter
from organisations.queries import all_kinds
from organisations.streams import Stream
from pictures.domain.drawn_grids import drawn
from pictures.domain.grids import Cell, Grid, Row, shade_of
from pictures.domain.white_spots import ALL, UNKNOWN, Number, Voice, is_wide, numbers_of
from pictures.queries import public_cards_in
from pictures.views.made import Made, filter_of, select
from regions.models import Municipality, Region

_SHORT = {
    Stream.PATIENTS: gettext_lazy("Patients and clients"),
    Stream.COUNCILS: gettext_lazy("Client councils"),
    Stream.RESIDENTS: gettext_lazy("Residents"),
    UNKNOWN: gettext_lazy("Stream not known"),
    ALL: gettext_lazy("All organisations"),
}
_FACETS = ("soort", "rol", "domein", "openbaar")
_BY_NAME = "genoemd"
Address = Callable[[Municipality | None, str, Number], str]


def of_map(region: Region, asked: QueryDict) -> Made:
    """Return the picture of all organisations on the map of a region that the address lets through."""
    municipalities = list(region.municipalities.all())
    facets = [each for each in facets_of(all_kinds(), municipalities) if each.name in _FACETS]
    rows = list(rows_of_map(region, typed="", order=""))
    counted = select("telt", _("What counts"), [(_BY_NAME, _("only municipalities that it names"))], asked)
    filters = [*(filter_of(each, rows, asked, _("not known yet")) for each in facets), counted]
    found = Filters(facets, asked, rows).found()
    voices = [_voice(each, only_named=bool(counted.chosen)) for each in found]
    grid = _grid(region, municipalities, voices, _addresses(region, filters), _("nobody yet"))
    return Made(
        grid,
        drawn(grid),
        "grid",
        filters,
        _("No municipality of this region is known.") if not grid.rows else "",
    )


def of_public(region: Region) -> Made:
    """Return the picture of the public organisations, by the seat and the streams that visitors read of them (rule 23)."""
    municipalities = list(region.municipalities.all())
    voices = [
        Voice(card.streams, frozenset({card.municipality} - {""}))
        for _organisation, card in public_cards_in(region)
    ]
    grid = _grid(
        region, municipalities, voices, lambda *_cell: "", _("no public organisation has its seat here yet")
    )
    said = replace(
        grid, told=[_told_to_visitors(grid.rows, len(municipalities))], notes=_notes_for_visitors()
    )
    return Made(said, drawn(said), "grid")


def _voice(facts: Mapping[str, Any], *, only_named: bool) -> Voice:
    named = frozenset(places_of(facts)) - {UNKNOWN}
    return Voice(facts["streams"], named, is_wide(facts["reach"]) and not only_named)


def _addresses(region: Region, filters: Sequence[Filter]) -> Address:
    """Return where a cell leads: to a new row that is filled in, or to the rows that it counts."""
    kept = {each.name: each.chosen for each in filters if each.chosen and each.name in _FACETS}
    add = reverse("mapping:add_organisation", args=[region.slug])
    grid = reverse("mapping:workspace", args=[region.slug])

    def address(municipality: Municipality | None, stream: str, number: Number) -> str:
        if not number.all:
            is_open = municipality and stream in Stream.values
            new = {"gemeente": municipality.name if municipality else "", "stroom": stream}
            return f"{add}?{urlencode(new)}" if is_open else ""
        if number.wide:
            # The grid has no way to ask for who works wider as well.
            return ""
        shown = {**kept, "gemeente": municipality.code if municipality else UNKNOWN, "stroom": stream}
        return f"{grid}?{urlencode({name: value for name, value in shown.items() if value})}"

    return address


def _grid(
    region: Region,
    municipalities: Sequence[Municipality],
    voices: Sequence[Voice],
    address: Address,
    nobody: str,
) -> Grid:
    numbers = numbers_of(voices, {each.code for each in municipalities})
    has_unknown = any(stream == UNKNOWN for _place, stream in numbers)
    streams = [*Stream.values, *([UNKNOWN] if has_unknown else []), ALL]
    places: list[Municipality | None] = list(municipalities)
    if any(place == UNKNOWN for place, _stream in numbers):
        places.append(None)
    rows = [
        Row(
            name := municipality.name if municipality else _("No municipality here known"),
            [_cell(name, municipality, stream, numbers, address, nobody=nobody) for stream in streams],
            is_dutch=municipality is not None,
        )
        for municipality in places
    ]
    return Grid(
        title=_("White spots in %(region)s") % {"region": region.name},
        told=[_told(rows, len(municipalities))],
        corner=_("Municipality"),
        columns=[str(_SHORT[each]) for each in streams],
        rows=rows,
        notes=_notes(numbers),
    )


def _cell(
    name: str,
    municipality: Municipality | None,
    stream: str,
    numbers: Mapping[tuple[str, str], Number],
    address: Address,
    *,
    nobody: str,
) -> Cell:
    number = numbers.get((municipality.code if municipality else UNKNOWN, stream), Number(0, 0))
    is_open = not number.all and municipality is not None and stream in Stream.values
    words = ngettext("%(number)d organisation", "%(number)d organisations", number.all) % {
        "number": number.all
    }
    if number.wide:
        words += ", " + _("of which %(number)d for the whole region") % {"number": number.wide}
    if is_open:
        words = nobody
    return Cell(
        text=f"{number.all} ({number.wide})" if number.wide else str(number.all),
        words=f"{name}, {_SHORT[stream]}: {words}",
        shade=shade_of(number.all),
        address=address(municipality, stream, number),
        is_open=is_open,
    )


def _told(rows: Sequence[Row], municipalities: int) -> str:
    return _(
        "In %(open)d of %(cells)d cells nobody speaks yet: %(municipalities)d municipalities by 3 streams."
    ) % _counted(rows, municipalities)


def _told_to_visitors(rows: Sequence[Row], municipalities: int) -> str:
    return _(
        "In %(open)d of %(cells)d cells no public organisation has its seat yet: %(municipalities)d municipalities by 3 streams."
    ) % _counted(rows, municipalities)


def _counted(rows: Sequence[Row], municipalities: int) -> dict[str, int]:
    return {
        "open": sum(cell.is_open for row in rows for cell in row.cells),
        "cells": municipalities * len(Stream.values),
        "municipalities": municipalities,
    }


def _notes_for_visitors() -> list[str]:
    """Say what visitors can know: the seat of who is public, and not where else it works."""
    return [
        _("A dashed cell is a white spot: no public organisation has its seat there yet."),
        _(
            "An organisation counts where it has its seat, once for each of its streams. It may work elsewhere too."
        ),
    ]


def _notes(numbers: Mapping[tuple[str, str], Number]) -> list[str]:
    notes = [
        _("A dashed cell is a white spot: nobody speaks there yet."),
        _("Who speaks for several streams or in several municipalities counts in each of them."),
    ]
    if any(each.wide for each in numbers.values()):
        notes.append(
            _(
                "Between brackets: how many of these work for the whole region or wider, and count in every municipality."
            )
        )
    return notes
