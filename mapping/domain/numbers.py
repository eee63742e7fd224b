"""The KvK numbers of the map: who holds on to one elsewhere keeps it, and the map does not hear of it (rule 26)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from mapping.domain.leftovers import make_way
from mapping.events import ORGANISATION_PUBLISHED, ORGANISATION_UNPUBLISHED
from organisations.models import Organisation

# What the map keeps of an organisation beside its number, and goes with it to another one.
_ON_MAP = (
    *("name", "sort_name", "legal_form", "municipality", "streams", "kind", "role", "reach", "neighbourhood"),
    *(
        "other_names",
        "domains",
        "website",
        "public_contact",
        "description",
        "version",
        "changed_by",
        "changed_at",
    ),
    *("mapped_at", "published_at", "published_by"),
)


def off_map_with(kvk_number: str) -> Organisation | None:
    """Return the organisation that is on no map yet with this number, locked, or ``None`` where the portal knows none.

    Raises ``RuleViolation`` for a number that is on the map.
    """
    known = (
        Organisation.objects.select_for_update().filter(kvk_number=kvk_number).first() if kvk_number else None
    )
    if known is not None and known.mapped_at is not None:
        raise number_is_taken()
    return known


def under_number(organisation: Organisation, kvk_number: str, *, actor: User, at: datetime) -> Organisation:
    """Return the row that is on the map under another number from now on, within the caller's act.

    The same one, unless coalitions, representatives or positions hold on to its number, or another row has the new one.
    Raises ``RuleViolation`` for a number that is on the map.
    """
    known = off_map_with(kvk_number)
    held = (organisation.participations, organisation.representatives, organisation.affiliations)
    is_held = any(each.exists() for each in held)
    if known is None and not is_held:
        return organisation
    moved = known or Organisation(created_by=actor, created_at=at)
    for name in _ON_MAP:
        setattr(moved, name, getattr(organisation, name))
    if known is None:
        moved.kvk_number = kvk_number
    moved.save()
    _take_along(organisation, moved)
    if moved.published_at is not None:
        record(ORGANISATION_PUBLISHED, subject=moved, actor=actor, at=at)
        record(ORGANISATION_UNPUBLISHED, subject=organisation, actor=actor, at=at)
    if is_held:
        organisation.mapped_at = organisation.published_at = organisation.published_by = None
        organisation.save(update_fields=["mapped_at", "published_at", "published_by"])
        organisation.works_in.clear()
        organisation.reaches.clear()
    else:
        organisation.delete()
    return moved


def _take_along(organisation: Organisation, moved: Organisation) -> None:
    make_way(organisation, moved)
    moved.works_in.set(organisation.works_in.all())
    moved.reaches.set(organisation.reaches.all())
    organisation.engagements.update(organisation=moved)
    organisation.map_entries.update(organisation=moved)


def number_is_taken() -> RuleViolation:
    """Return the refusal of a KvK number of another organisation of the map."""
    return RuleViolation(_("There is already an organisation with this KvK number."), field="kvk_number")
