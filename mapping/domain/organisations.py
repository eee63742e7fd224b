"""Putting organisations on the map, changing and publishing them."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from mapping.events import ORGANISATION_CHANGED, ORGANISATION_PUBLISHED, ORGANISATION_UNPUBLISHED
from mapping.permissions import may_edit, may_map, may_publish
from organisations.domain.organisations import OrganisationFacts, add_organisation, write_facts
from organisations.models import Organisation
from organisations.queries import regions_of_organisation
from regions.domain.changes import note_changes
from regions.models import Region

# What the map keeps of an organisation beside its number, and goes with it to another one.
_ON_MAP = (
    *("name", "sort_name", "legal_form", "municipality", "streams", "website", "description"),
    *("mapped_at", "published_at", "published_by"),
)


@transaction.atomic(durable=True)
def add_to_map(
    *, facts: OrganisationFacts, region: Region, also_in: Iterable[Region] = (), actor: User, at: datetime
) -> Organisation:
    """Put an organisation on the map of a region, as it is typed here; any legal form will do.

    One that the portal knew by its KvK number, but not on the map, comes on it all the same: who named it elsewhere keeps
    reading what they said, and the kwartiermaker does not hear of it (rules 26 and 27). Raises ``NotAllowed`` when the
    region is not assigned to the actor, and ``RuleViolation`` for a KvK number that is on the map already.
    """
    may_map.check(actor, region)
    organisation = _with_number(facts.kvk_number)
    if organisation is None:
        organisation = add_organisation(facts, actor=actor, at=at)
    else:
        changed = write_facts(organisation, facts)
        organisation.save()
        record(ORGANISATION_CHANGED, subject=organisation, actor=actor, at=at, facts={"fields": changed})
    organisation.mapped_at = at
    organisation.save(update_fields=["mapped_at"])
    organisation.works_in.add(region, *also_in)
    return organisation


def _with_number(kvk_number: str) -> Organisation | None:
    """Return the organisation that is on no map yet with this number, locked, or ``None`` where the portal knows none.

    Raises ``RuleViolation`` for a number that is on the map.
    """
    known = (
        Organisation.objects.select_for_update().filter(kvk_number=kvk_number).first() if kvk_number else None
    )
    if known is not None and known.mapped_at is not None:
        raise RuleViolation(_("There is already an organisation with this KvK number."), field="kvk_number")
    return known


@transaction.atomic(durable=True)
def change_organisation(
    *,
    organisation_id: int,
    facts: OrganisationFacts,
    is_public: bool | None = None,
    actor: User,
    at: datetime,
) -> Organisation:
    """Change the facts of an organisation; with ``is_public`` publish what they say now, or unpublish it (rule 23).

    Who takes part in a coalition or speaks for it keeps the number and the name that they know it by: with another number
    only the map goes to that number (rule 26). Raises ``NotAllowed``, and ``RuleViolation`` for the KvK number of another
    organisation of the map.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    may_edit.check(actor, organisation)
    seat_before = organisation.municipality.region
    if facts.kvk_number != organisation.kvk_number:
        organisation = _under_number(organisation, facts.kvk_number, actor=actor, at=at)
    changed = write_facts(organisation, facts)
    organisation.save()
    if organisation.published_at is not None:
        note_changes({seat_before.pk, facts.municipality.region_id}, at=at)
    if seat_before != facts.municipality.region:
        _keep_where_it_is_active(organisation, seat_before)
    record(ORGANISATION_CHANGED, subject=organisation, actor=actor, at=at, facts={"fields": changed})
    if is_public is not None:
        _set_public(organisation, is_public=is_public, actor=actor, at=at)
    return organisation


def _under_number(organisation: Organisation, kvk_number: str, *, actor: User, at: datetime) -> Organisation:
    """Return the row that is on the map under another number from now on, within the caller's act.

    The same one, unless coalitions, representatives or positions hold on to its number, or another row has the new one.
    """
    known = _with_number(kvk_number)
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
    moved.works_in.set(organisation.works_in.all())
    organisation.engagements.update(organisation=moved)
    if moved.published_at is not None:
        record(ORGANISATION_PUBLISHED, subject=moved, actor=actor, at=at)
        record(ORGANISATION_UNPUBLISHED, subject=organisation, actor=actor, at=at)
    if is_held:
        organisation.mapped_at = organisation.published_at = organisation.published_by = None
        organisation.save(update_fields=["mapped_at", "published_at", "published_by"])
        organisation.works_in.clear()
    else:
        organisation.delete()
    return moved


@transaction.atomic(durable=True)
def publish_organisation(*, organisation_id: int, actor: User, at: datetime) -> Organisation:
    """Publish an organisation. Idempotent (rule 23). Raises ``NotAllowed``."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    _set_public(organisation, is_public=True, actor=actor, at=at)
    return organisation


@transaction.atomic(durable=True)
def withdraw_publication(*, organisation_id: int, actor: User, at: datetime) -> Organisation:
    """Unpublish an organisation. Raises ``NotAllowed``."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    _set_public(organisation, is_public=False, actor=actor, at=at)
    return organisation


def _set_public(organisation: Organisation, *, is_public: bool, actor: User, at: datetime) -> None:
    may_publish.check(actor, organisation)
    if (organisation.published_at is not None) == is_public:
        return
    organisation.published_at, organisation.published_by = (at, actor) if is_public else (None, None)
    organisation.save(update_fields=["published_at", "published_by"])
    note_changes(regions_of_organisation(organisation), at=at)
    if is_public:
        record(ORGANISATION_PUBLISHED, subject=organisation, actor=actor, at=at)
    else:
        record(ORGANISATION_UNPUBLISHED, subject=organisation, actor=actor, at=at)


def _keep_where_it_is_active(organisation: Organisation, region: Region) -> None:
    """Keep an organisation active in a region where a question involves it, when its seat moves to another region."""
    if organisation.engagements.filter(question__region=region).exists():
        organisation.works_in.add(region)
