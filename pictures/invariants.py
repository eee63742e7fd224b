"""Invariants of regional pictures (rules 23 and 30)."""

from collections.abc import Iterator

from hubportal.audit.domain.constraints import broken_constraints
from hubportal.kernel.invariants import Violation

_CONSTRAINTS = {
    "regional_picture_for_known_readers": 23,
    "regional_picture_made_has_its_file": 30,
    "regional_picture_public_only_when_made_for_everybody": 23,
    "regional_picture_withdrawn_only_once_public": 30,
    "regional_picture_one_public_per_region": 30,
}


def violations() -> Iterator[Violation]:
    """Yield each regional picture that breaks a constraint."""
    yield from broken_constraints("pictures", _CONSTRAINTS)
