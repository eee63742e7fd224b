"""Putting the fields of a row back as they stood before they were saved together in its form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.kernel.versions import NewerVersion, check_version
from mapping.domain.cells import PUBLIC, locked_row, value_of
from mapping.domain.organisations import write_row
from mapping.domain.publishing import set_public_as_written
from mapping.domain.rows import MapFacts, is_same, row_version
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from regions.models import Region

_FACTS = tuple(each.name for each in fields(OrganisationFacts))
_MORE = tuple(each.name for each in fields(MapFacts))
RESTORED = (*_FACTS, *_MORE, PUBLIC)


@dataclass(frozen=True)
class Restored:
    """A field as it stood before, and as it was saved over that."""

    value: Any
    was: Any


class ChangedSince(NewerVersion):
    """Somebody else changed a field after it was saved; ``names`` are those fields."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(_("Somebody changed it since."))
        self.names = tuple(names)


@transaction.atomic(durable=True)
def restore_fields(
    *,
    organisation_id: int,
    region: Region,
    restored: Mapping[str, Restored],
    seen_version: int,
    actor: User,
    at: datetime,
) -> Organisation:
    """Put fields of a row back as they stood before they were saved together: all of them or none. Idempotent.

    What was published or hidden with them is so no more, or again; the seen version of the row counts for publishing alone.
    Returns the row, which another KvK number can make another one. Raises ``ChangedSince`` where a field is not as it was
    saved (rule 12), ``NewerVersion`` for what would be published unseen, ``NotAllowed``, ``Declined``, ``DoesNotExist`` for
    who is not on the map of the region, and ``RuleViolation`` for a KvK number that cannot be.
    """
    organisation, entry = locked_row(organisation_id, region, actor)
    kept = {name: value_of(organisation, entry, name) for name in RESTORED}
    back = {name: each for name, each in restored.items() if not is_same(kept[name], each.value)}
    if newer := [name for name, each in back.items() if not is_same(kept[name], each.was)]:
        raise ChangedSince(newer)
    values = kept | {name: each.value for name, each in back.items()}
    if PUBLIC in back and values[PUBLIC]:
        check_version(row_version(organisation, entry), seen_version)
    if back.keys() - {PUBLIC}:
        organisation = write_row(
            organisation,
            OrganisationFacts(**{name: values[name] for name in _FACTS}),
            region=region,
            more=MapFacts(**{name: values[name] for name in _MORE}),
            actor=actor,
            at=at,
        )
    if PUBLIC in back:
        set_public_as_written(organisation, is_public=values[PUBLIC], actor=actor, at=at)
    return organisation
