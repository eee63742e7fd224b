"""What is offered while a cell of the grid is edited."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from mapping.views.columns import COLUMNS, Column
from organisations.models import OrganisationKind

_NOT_KNOWN = gettext_lazy("Not known yet")


@dataclass(frozen=True)
class Editor:
    """The words among which one chooses in a column."""

    column: Column
    choices: list[tuple[str, Any]]


def editors_of(kinds: Iterable[OrganisationKind]) -> list[Editor]:
    """Return the editors of the columns that offer a choice."""
    return [
        Editor(column, _choices(column, kinds))
        for column in COLUMNS
        if column.editor in {"choice", "several"}
    ]


def _choices(column: Column, kinds: Iterable[OrganisationKind]) -> list[tuple[str, Any]]:
    labels = {each.code: str(each) for each in kinds} if column.labels is None else column.labels
    unknown = [("", _NOT_KNOWN)] if column.editor == "choice" and column.field != "public" else []
    return [*unknown, *labels.items()]
