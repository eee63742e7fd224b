"""Ties between the organisations of a region, so that there is a network to see."""

from datetime import datetime

from hubportal.accounts.models import User
from mapping.domain.ties import tie_organisations
from mapping.enums import TieKind
from organisations.models import Organisation
from regions.models import Region

# Places of the organisations on the map: from which one to which one.
_TIES = (
    (0, 1, TieKind.WORKS_WITH),
    (2, 1, TieKind.ADVISES),
    (3, 1, TieKind.PART_OF),
    (3, 0, TieKind.SUPPORTS),
)


def tie_them(region: Region, organisations: list[Organisation], actor: User, *, at: datetime) -> None:
    """Write down how the first organisations of a region are tied."""
    for one, other, kind in _TIES:
        tie_organisations(
            one_id=organisations[one].pk,
            other_id=organisations[other].pk,
            kind=kind,
            region=region,
            actor=actor,
            at=at,
        )
