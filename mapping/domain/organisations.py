"""Putting organisations on the map, and changing them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.versions import check_version
from mapping.domain.numbers import put_under_number, under_number
from mapping.domain.publishing import hide_under_number, set_public_as_written
from mapping.domain.rows import MapFacts, row_version, save_shared, write_entry, write_reaches
from mapping.events import ORGANISATION_CHANGED
from mapping.models import MapEntry
from mapping.permissions import may_edit, may_map
from mapping.queries import entry_added_with, entry_of
from organisations.domain.organisations import OrganisationFacts, write_facts
from organisations.models import Organisation
from regions.domain.changes import note_changes
from regions.models import Municipality, Region

_NOTHING_MORE = MapFacts()


@transaction.atomic(durable=True)
def add_to_map(
    *,
    facts: OrganisationFacts,
    region: Region,
    also_in: Iterable[Region] = (),
    more: MapFacts = _NOTHING_MORE,
    added_with: UUID | None = None,
    actor: User,
    at: datetime,
) -> Organisation:
    """Put an organisation on the map of a region as it is typed here, by its name alone if need be.

    Idempotent where ``added_with``, a key of the page's own, is given. One that the portal knew by its KvK number, but not
    on the map, comes on it all the same: who named it elsewhere keeps reading what they said, and the kwartiermaker does
    not hear of it (rules 26 and 27); nor of one on the map of others, which this region has apart. Raises ``NotAllowed``
    when the region is not assigned to the actor, and ``RuleViolation`` for a KvK number on a map that they know.
    """
    may_map.check(actor, region)
    # A second click waits here, and then finds the row.
    lock_person(actor)
    if added_with and (earlier := entry_added_with(added_with, region)):
        return earlier.organisation
    organisation = put_under_number(facts, region, actor=actor, at=at)
    organisation.works_in.add(region, *also_in)
    write_reaches(organisation, more.reaches)
    entry = entry_of(organisation, region)
    entry.added_with = added_with
    # Whatever a region kept of it before it was taken off.
    entry.removed_at = entry.removed_by = entry.emptied_at = None
    if not write_entry(entry, _talk(more), actor=actor, at=at):
        entry.save()
    return organisation


def _talk(more: MapFacts) -> dict[str, object]:
    return {"talk": more.talk, "next_on": more.next_on, "notes": more.notes}


@transaction.atomic(durable=True)
def change_organisation(
    *,
    organisation_id: int,
    facts: OrganisationFacts,
    region: Region | None = None,
    more: MapFacts | None = None,
    seen_version: int | None = None,
    is_public: bool | None = None,
    actor: User,
    at: datetime,
) -> Organisation:
    """Change the facts of an organisation; with ``is_public`` publish what they say now, or unpublish it (rule 23).

    With a region, what that keeps of it (``more``) is changed too. Idempotent. Who takes part in a coalition or speaks for it
    keeps the number and the name that they know it by: with another number only the map goes to that number, and to the
    row that is returned (rule 26). Raises ``NotAllowed``, ``NewerVersion`` when something else was saved over the seen
    version (rule 12), ``Declined``, and ``RuleViolation`` for a KvK number on a map that the actor knows.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    may_edit.check(actor, organisation)
    return write_row(
        organisation,
        facts,
        region=region,
        more=more,
        seen_version=seen_version,
        is_public=is_public,
        actor=actor,
        at=at,
    )


def write_row(
    organisation: Organisation,
    facts: OrganisationFacts,
    *,
    region: Region | None,
    more: MapFacts | None,
    seen_version: int | None = None,
    is_public: bool | None = None,
    actor: User,
    at: datetime,
) -> Organisation:
    """Write all of a row, locked, within the caller's act, and record which fields changed. Raises as ``change_organisation``."""
    seat_before, number_before = organisation.municipality, organisation.kvk_number
    if facts.kvk_number != number_before:
        organisation = under_number(organisation, facts.kvk_number, region=region, actor=actor, at=at)
    entry = entry_of(organisation, region) if region else MapEntry(organisation=organisation)
    version = row_version(organisation, entry)
    changed = _write_shared(organisation, facts, more, number_before, actor=actor, at=at)
    talked = []
    if region and more is not None:
        may_map.check(actor, region)
        talked = write_entry(entry, _talk(more), actor=actor, at=at)
        changed += talked
    if changed and seen_version is not None:
        # All of it is undone by the refusal.
        check_version(version, seen_version)
    _note_seat(organisation, seat_before, at=at)
    facts_of_change = {"fields": changed} | ({"region": region.pk} if region and talked else {})
    record(ORGANISATION_CHANGED, subject=organisation, actor=actor, at=at, facts=facts_of_change)
    if is_public is not None:
        set_public_as_written(organisation, is_public=is_public, actor=actor, at=at)
    return organisation


def _write_shared(
    organisation: Organisation,
    facts: OrganisationFacts,
    more: MapFacts | None,
    number_before: str,
    *,
    actor: User,
    at: datetime,
) -> list[str]:
    changed = set(write_facts(organisation, facts))
    if facts.kvk_number != number_before:
        # Whichever row has it now.
        changed.add("kvk_number")
    if more is not None:
        changed.update(write_reaches(organisation, more.reaches))
    if changed:
        save_shared(organisation, actor=actor, at=at)
    if "kvk_number" in changed:
        hide_under_number(organisation, at=at)
    return sorted(changed)


def _note_seat(organisation: Organisation, seat_before: Municipality | None, *, at: datetime) -> None:
    """Say which regions are counted anew, and keep the organisation active where it takes part when its seat moves."""
    before, now = (each.region if each else None for each in (seat_before, organisation.municipality))
    if organisation.published_at is not None:
        note_changes({each.pk for each in (before, now) if each}, at=at)
    if before and before != now:
        _keep_where_it_is_active(organisation, before)


def _keep_where_it_is_active(organisation: Organisation, region: Region) -> None:
    """Keep an organisation active in a region where a question involves it, when its seat moves to another region."""
    if organisation.engagements.filter(question__region=region).exists():
        organisation.works_in.add(region)
