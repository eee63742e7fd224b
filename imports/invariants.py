"""Invariants of imports (rules 23, 24 and 30)."""

from collections.abc import Iterator

from hubportal.audit.domain.constraints import broken_constraints
from hubportal.kernel.invariants import Violation, each_breaks
from imports.enums import ImportState
from imports.models import ImportRow, MapImport

_CONSTRAINTS = {
    "import_in_a_known_state": 24,
    "import_failed_for_a_reason": 24,
    "import_keeps_its_file_until_it_is_read": 24,
    "import_refused_for_a_known_reason": 24,
    "import_row_of_a_known_fate": 24,
    "import_row_of_a_known_choice": 24,
    "import_row_of_a_known_outcome": 24,
    "import_row_kept_or_off_the_map": 24,
}
_ON_THE_MAP = (ImportState.TAKEN, ImportState.UNDONE)


def violations() -> Iterator[Violation]:
    """Yield each row that keeps what its file said once that is on the map, or of which something came too early."""
    taken = ImportRow.objects.filter(map_import__state__in=_ON_THE_MAP)
    yield from each_breaks(
        23, taken.exclude(cells=[]), "keeps what its file said, which is on the map already"
    )
    yield from each_breaks(
        23,
        MapImport.objects.filter(state__in=_ON_THE_MAP).exclude(meanings={}),
        "keeps words of its file, which is on the map already",
    )
    early = ImportRow.objects.exclude(map_import__state__in=_ON_THE_MAP)
    yield from each_breaks(30, early.exclude(outcome=""), "came on the map before its import was taken")
    yield from broken_constraints("imports", _CONSTRAINTS)
