"""What a row of a spreadsheet says beside what the map says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mapping.domain.cells import value_of
from mapping.domain.rows import is_same
from mapping.finding import Typed
from mapping.models import MapEntry
from organisations.models import Organisation

# Another number is another organisation, or a mistake: it is changed in the row of the map itself.
NEVER_REPLACED = frozenset({"kvk_number"})


@dataclass(frozen=True)
class Comparison:
    """What a row says beside the map: the fields that it fills in, and those where the map says something else."""

    filled: list[str]
    differing: list[str]

    @property
    def is_same(self) -> bool:
        """Tell whether the row says nothing that the map does not say."""
        return not (self.filled or self.differing)

    def written(self, *, replaces: bool) -> list[str]:
        """Return the fields that are written where it is the same organisation."""
        written = [*self.filled, *self.differing] if replaces else self.filled
        return [each for each in written if each not in NEVER_REPLACED]


def compare(values: Mapping[str, Any], organisation: Organisation, entry: MapEntry) -> Comparison:
    """Return what a row says beside what the map of a region says of an organisation."""
    filled: list[str] = []
    differing: list[str] = []
    for field, value in values.items():
        kept = value_of(organisation, entry, field)
        if not is_same(value, kept):
            (differing if kept else filled).append(field)
    return Comparison(filled, differing)


def typed_in(values: Mapping[str, Any]) -> Typed:
    """Return what a row says of an organisation, as it is looked for."""
    return Typed(**{each: values.get(each, "") for each in vars(Typed(""))})
