"""Reading the cells of a row as the form of an organisation reads its fields."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from imports.domain.judging import Meanings
from imports.domain.tables import plain
from imports.domain.words import ERRORS, REACHES, SEVERAL, Words, words_of
from mapping.forms.organisations import OrganisationForm
from organisations.queries import all_kinds
from regions.queries import all_municipalities


@dataclass(frozen=True)
class ReadRow:
    """What the cells of a row say, by field, and what is wrong with the others; empty cells say nothing."""

    values: Mapping[str, Any]
    mistakes: Mapping[str, str]


class RowReader:
    """Reads rows; the lists are read from the database once."""

    def __init__(self) -> None:
        self.words: Words = words_of(all_kinds(), all_municipalities())

    def __call__(
        self, columns: Sequence[str], cells: Sequence[str], meanings: Meanings | None = None
    ) -> ReadRow:
        """Return what a row says, with what was said of words that are in no list. Mistakes are in the language of the reader."""
        values, mistakes = {}, {}
        for field, cell in zip(columns, cells, strict=False):
            if not field or not cell.strip():
                continue
            try:
                values[field] = self._value(field, cell, (meanings or {}).get(field, {}))
            except ValidationError as mistake:
                mistakes[field] = " ".join(mistake.messages)
        if "name" not in values and "name" not in mistakes:
            mistakes["name"] = _("Type the name of the organisation.")
        return ReadRow(
            {name: each for name, each in values.items() if each not in ("", None, [], frozenset())}, mistakes
        )

    def _value(self, field: str, cell: str, meant: Mapping[str, str]) -> Any:
        if cell.lstrip().startswith("="):
            raise ValidationError(_("There is a formula in this cell. Type what it should say."))
        if ERRORS.fullmatch(cell.strip()):
            raise ValidationError(_("The spreadsheet could not compute this cell. Type what it should say."))
        cell = plain(cell)
        if field == REACHES:
            return self._municipalities(cell, meant)
        if field in self.words.lists:
            return self._chosen(field, cell, meant)
        if field == "next_on":
            cell = re.sub(r"[/.]", "-", cell.strip())
        return OrganisationForm.base_fields[field].clean(cell)

    def _chosen(self, field: str, cell: str, meant: Mapping[str, str]) -> Any:
        chosen = self.words.chosen(field, cell, meant)
        if chosen is None or (field not in SEVERAL and len(chosen) > 1):
            raise ValidationError(
                _("“%(words)s” is not in our list. Type a word from the list on the map, or empty this."),
                params={"words": cell.strip()[:80]},
            )
        if field not in SEVERAL:
            return next(iter(chosen), "")
        listed: Any = OrganisationForm.base_fields[field]
        return [key for key, _label in listed.choices if key in chosen]

    def _municipalities(self, cell: str, meant: Mapping[str, str]) -> Any:
        found, unknown = self.words.places(cell, meant)
        if unknown:
            raise ValidationError(unknown_municipalities(unknown))
        return found


def unknown_municipalities(names: Iterable[str]) -> str:
    """Return what is said of names that no municipality has."""
    return _("We do not know these municipalities: %(names)s. Write them as they are called now.") % {
        "names": ", ".join(each[:80] for each in names)
    }
