"""Saving one cell of the map."""

from datetime import datetime
from typing import Any

from django.db import transaction

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.versions import check_version
from mapping.domain.numbers import under_number
from mapping.domain.publishing import hide_under_number, set_public_as_written
from mapping.domain.rows import is_same, row_version, save_shared, write_entry, write_reaches
from mapping.events import ORGANISATION_CHANGED
from mapping.models import MapEntry
from mapping.permissions import may_edit, may_map
from mapping.queries import entry_of
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region
from regions.names import sort_name

# What all regions share of an organisation, and what each keeps by itself.
SHARED = (
    *("name", "other_names", "kind", "streams", "role", "reach", "reaches", "neighbourhood", "domains"),
    *("kvk_number", "website", "public_contact"),
)
OF_REGION = ("talk", "next_on", "notes")
PUBLIC = "public"
# What stood in a cell when it was changed, where nobody can say.
UNKNOWN = object()


@transaction.atomic(durable=True)
def save_cell(
    *,
    organisation_id: int,
    region: Region,
    field: str,
    value: Any,
    seen_version: int,
    was: Any = UNKNOWN,
    actor: User,
    at: datetime,
) -> Organisation:
    """Save one field of an organisation on the map of a region. Idempotent: the same value is not saved again.

    Returns the row, which another KvK number can make another one. ``was`` is what the cell showed: a newer version of the
    row that left the cell as it was is no hindrance, but to publishing it. Raises
    ``NewerVersion`` over another one (rule 12), ``NotAllowed``, ``DoesNotExist`` for who is not on the map of the region, and
    ``RuleViolation`` for a KvK number that cannot be.
    """
    organisation, entry = locked_row(organisation_id, region, actor)
    kept = value_of(organisation, entry, field)
    if is_same(value, kept):
        return organisation
    # Who publishes shows all of the row.
    is_published = field == PUBLIC and value
    if is_published or was is UNKNOWN or not is_same(was, kept):
        check_version(row_version(organisation, entry), seen_version)
    if field == PUBLIC:
        set_public_as_written(organisation, is_public=value, actor=actor, at=at)
        return organisation
    if field in OF_REGION:
        write_entry(entry, {field: value}, actor=actor, at=at)
    else:
        organisation = _write_shared(organisation, region, field, value, actor=actor, at=at)
    of_region = {"region": region.pk} if field in OF_REGION else {}
    facts = {"fields": [field], **of_region}
    record(ORGANISATION_CHANGED, subject=organisation, actor=actor, at=at, facts=facts)
    return organisation


def value_of(organisation: Organisation, entry: MapEntry, field: str) -> Any:
    """Return what stands in a cell, or in a field of the form."""
    if field == PUBLIC:
        return organisation.published_at is not None
    if field == "reaches":
        return frozenset(organisation.reaches.all())
    return getattr(entry if field in OF_REGION else organisation, field)


def _write_shared(
    organisation: Organisation, region: Region, field: str, value: Any, *, actor: User, at: datetime
) -> Organisation:
    if field == "kvk_number":
        organisation = under_number(organisation, value, region=region, actor=actor, at=at)
    if field == "reaches":
        write_reaches(organisation, value)
    else:
        setattr(organisation, field, value)
        if field == "name":
            organisation.sort_name = sort_name(value)
    save_shared(organisation, actor=actor, at=at)
    if field == "kvk_number":
        hide_under_number(organisation, at=at)
    return organisation


def locked_row(organisation_id: int, region: Region, actor: User) -> tuple[Organisation, MapEntry]:
    """Return an organisation, locked within the caller's act, and what the region keeps of it, perhaps not saved yet.

    Raises ``NotAllowed`` unless the region is assigned to the actor, and ``DoesNotExist`` for who is not on its map.
    """
    may_map.check(actor, region)
    listed = organisations_in(region).order_by().values("pk")
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id, pk__in=listed)
    may_edit.check(actor, organisation)
    return organisation, entry_of(organisation, region)
