"""A row of the map: an organisation with what one region keeps of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation
from mapping.models import MapEntry
from organisations.domain.organisations import with_kvk_number
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


def check_number_is_free(kvk_number: str, *, but: Organisation) -> None:
    """Raise ``RuleViolation`` for the KvK number of another organisation."""
    other = with_kvk_number(kvk_number) if kvk_number else None
    if other and other.pk != but.pk:
        raise number_is_taken()


def number_is_taken() -> RuleViolation:
    """Return the refusal of a KvK number of another organisation."""
    return RuleViolation(_("There is already an organisation with this KvK number."), field="kvk_number")


def check_identity_is_kept(organisation: Organisation, *, kvk_number: str, legal_form: str) -> None:
    """Raise ``RuleViolation`` for another number or form where somebody already speaks for the organisation."""
    if (kvk_number, legal_form) == (organisation.kvk_number, organisation.legal_form):
        return
    if not organisation.representatives.exists():
        return
    if kvk_number != organisation.kvk_number:
        raise RuleViolation(
            _("Someone already represents this organisation, so its KvK number cannot be changed."),
            field="kvk_number",
        )
    raise RuleViolation(
        _("Someone already represents this organisation, so its legal form cannot be changed."),
        field="legal_form",
    )
