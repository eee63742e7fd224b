"""A picture as a page shows it, and how its address filters it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.functional import Promise

from mapping.views.facets import Facet
from mapping.views.matrix import Filter
from pictures.domain.drawn_grids import DrawnGrid
from pictures.domain.drawn_networks import DrawnNetwork
from pictures.domain.grids import Grid
from pictures.domain.networks import Network

# The drawing stands above them, and a narrow window has a few lines for each.
LINKS_PER_PAGE = 25


@dataclass(frozen=True)
class Made:
    """A picture with its drawing, and the filters of its address."""

    picture: Grid | Network
    drawing: DrawnGrid | DrawnNetwork
    # The templates of the drawing and of its table.
    shape: str
    filters: Sequence[Filter] = field(default_factory=tuple)
    # What nothing to see is called, and what to do about it.
    empty: str = ""

    @property
    def is_filtered(self) -> bool:
        """Tell whether the address leaves something out."""
        return any(each.chosen for each in self.filters)

    def rows_shown(self, asked: QueryDict) -> Page[Any]:
        """Return the rows of the page that the address asks for; a picture of numbers shows all of its rows."""
        return Paginator(self.picture.rows, LINKS_PER_PAGE).get_page(asked.get("page"))


def select(
    name: str,
    label: str | Promise,
    choices: Sequence[tuple[str, Any]],
    asked: QueryDict,
    *,
    unchosen: str | Promise = "",
) -> Filter:
    """Return a filter with what the address chooses; what is no choice counts as none."""
    value = asked.get(name, "")
    return Filter(name, label, choices, value if value in dict(choices) else "", unchosen)


def filter_of(facet: Facet, rows: Sequence[Mapping[str, Any]], asked: QueryDict, unknown: Any) -> Filter:
    """Return a filter of the grid, with the words that some row has or that the address chooses."""
    known = {word for row in rows for word in facet.words(row)} | {asked.get(facet.name, "")}
    labels = {**facet.labels, "-": unknown}
    return select(facet.name, facet.label, [each for each in labels.items() if each[0] in known], asked)
