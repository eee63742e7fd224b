"""A row of the map: an organisation with what one region keeps of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from hubportal.accounts.models import User
from mapping.domain.numbers import number_is_taken
from mapping.models import MapEntry
from organisations.models import Organisation
from regions.models import Municipality


@dataclass(frozen=True)
class MapFacts:
    """What the map keeps of an organisation beside its facts: whom it reaches, and the talk in one region."""

    reaches: frozenset[Municipality] = frozenset()
    talk: str = ""
    next_on: date | None = None
    notes: str = ""


def row_version(organisation: Organisation, entry: MapEntry) -> int:
    """Return the optimistic version of a row, which rises with each change of its facts or its talk."""
    return organisation.version + entry.version


def is_same(one: Any, other: Any) -> bool:
    """Tell whether two values of a field are the same; lists are, in whatever order."""
    if isinstance(one, list) and isinstance(other, list):
        return set(one) == set(other)
    return bool(one == other)


def write_entry(entry: MapEntry, values: Mapping[str, Any], *, actor: User, at: datetime) -> list[str]:
    """Write the talk of a region, and return the names of the fields that changed."""
    changed = [name for name, value in values.items() if getattr(entry, name) != value]
    if changed:
        for name in changed:
            setattr(entry, name, values[name])
        entry.version += 1
        entry.changed_at, entry.changed_by = at, actor
        entry.save()
    return changed


def write_reaches(organisation: Organisation, reaches: Collection[Municipality]) -> list[str]:
    """Write which municipalities an organisation reaches, and tell by its name whether that changed."""
    if set(organisation.reaches.all()) == set(reaches):
        return []
    organisation.reaches.set(reaches)
    return ["reaches"]


def save_shared(organisation: Organisation, *, actor: User, at: datetime) -> None:
    """Save the facts that all regions share as a newer version.

    Raises ``RuleViolation`` for a KvK number that somebody else wrote at this very moment.
    """
    organisation.version += 1
    organisation.changed_at, organisation.changed_by = at, actor
    try:
        # A savepoint: the number was free when it was looked up.
        with transaction.atomic():
            organisation.save()
    except IntegrityError as taken:
        raise number_is_taken() from taken
