"""Putting organisations on the map, and changing them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.versions import check_version
from mapping.domain.publishing import set_public
from mapping.domain.rows import (
    MapFacts,
    check_identity_is_kept,
    check_number_is_free,
    number_is_taken,
    row_version,
    save_shared,
    write_entry,
    write_reaches,
)
from mapping.events import ORGANISATION_CHANGED
from mapping.models import MapEntry
from mapping.permissions import may_edit, may_map
from mapping.queries import entry_added_with, entry_of
from organisations.domain.organisations import (
    OrganisationFacts,
    add_organisation,
    as_on_map,
    with_kvk_number,
    write_facts,
)
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
    """Put an organisation on the map of a region, by its name alone if need be.

    Idempotent where ``added_with``, a key of the page's own, is given. One that the portal knew by its KvK number, but not
    on the map, comes on it with what was typed here; who speaks for it keeps its name, form and seat. Raises
    ``NotAllowed`` when the region is not assigned to the actor, and ``RuleViolation`` for a KvK number that is on the map
    already.
    """
    may_map.check(actor, region)
    # A second click waits here, and then finds the row.
    lock_person(actor)
    if added_with and (earlier := entry_added_with(added_with, region)):
        return earlier.organisation
    known = with_kvk_number(facts.kvk_number) if facts.kvk_number else None
    if known is None:
        organisation = add_organisation(facts, actor=actor, at=at)
    else:
        organisation = _known_by_number(known.pk, facts, actor=actor, at=at)
    organisation.mapped_at = at
    organisation.save(update_fields=["mapped_at"])
    organisation.works_in.add(region, *also_in)
    write_reaches(organisation, more.reaches)
    entry = MapEntry(organisation=organisation, region=region, added_with=added_with)
    if not write_entry(entry, _talk(more), actor=actor, at=at):
        entry.save()
    return organisation


def _talk(more: MapFacts) -> dict[str, object]:
    return {"talk": more.talk, "next_on": more.next_on, "notes": more.notes}


def _known_by_number(pk: int, facts: OrganisationFacts, *, actor: User, at: datetime) -> Organisation:
    organisation = Organisation.objects.select_for_update().get(pk=pk)
    if organisation.mapped_at is not None:
        raise number_is_taken()
    if organisation.representatives.exists():
        is_told = {each: getattr(facts, each) for each in ("legal_form", "municipality")}
        facts = replace(
            facts,
            name=organisation.name,
            legal_form=is_told["legal_form"] and organisation.legal_form,
            municipality=is_told["municipality"] and organisation.municipality,
        )
    changed = write_facts(organisation, as_on_map(organisation, facts))
    organisation.save()
    record(ORGANISATION_CHANGED, subject=organisation, actor=actor, at=at, facts={"fields": changed})
    return organisation


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

    With a region, what that keeps of it (``more``) is changed too. Idempotent. Raises ``NotAllowed``, ``NewerVersion`` when
    something else was saved over the seen version (rule 12), ``RuleViolation`` for a KvK number of another organisation,
    and for a change of number or form where somebody already speaks for it.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    may_edit.check(actor, organisation)
    seat_before = organisation.municipality
    entry = entry_of(organisation, region) if region else MapEntry(organisation=organisation)
    version = row_version(organisation, entry)
    changed = _write_shared(organisation, facts, more, actor=actor, at=at)
    if region and more is not None:
        may_map.check(actor, region)
        changed += write_entry(entry, _talk(more), actor=actor, at=at)
    if changed and seen_version is not None:
        # All of it is undone by the refusal.
        check_version(version, seen_version)
    _note_seat(organisation, seat_before, at=at)
    record(ORGANISATION_CHANGED, subject=organisation, actor=actor, at=at, facts={"fields": changed})
    if is_public is not None:
        set_public(organisation, is_public=is_public, actor=actor, at=at)
    return organisation


def _write_shared(
    organisation: Organisation, facts: OrganisationFacts, more: MapFacts | None, *, actor: User, at: datetime
) -> list[str]:
    check_number_is_free(facts.kvk_number, but=organisation)
    kept_off_map = organisation.kept_off_map
    on_map = as_on_map(organisation, facts)
    check_identity_is_kept(organisation, kvk_number=on_map.kvk_number, legal_form=on_map.legal_form)
    changed = write_facts(organisation, on_map)
    if kept_off_map != organisation.kept_off_map:
        changed.append("kept_off_map")
    if more is not None:
        changed += write_reaches(organisation, more.reaches)
    if changed:
        save_shared(organisation, actor=actor, at=at)
    return changed


def _note_seat(organisation: Organisation, seat_before: Municipality | None, *, at: datetime) -> None:
    """Say which regions are counted anew, and keep the organisation active where it takes part when its seat moves."""
    before, now = (each.region if each else None for each in (seat_before, organisation.municipality))
    if organisation.published_at is not None:
        note_changes({each.pk for each in (before, now) if each}, at=at)
    if before and before != now:
        _keep_where_it_is_active(organisation, before)


def _keep_where_it_is_active(organisation: Organisation, region: Region) -> None:
    """Keep an organisation active in a region where it takes part, when its seat moves to another region."""
    # The map does not tell in which coalitions it takes part.
    organisation.participations.filter(coalition__region=region).update(works_in_region=True)
    if organisation.engagements.filter(question__region=region).exists():
        organisation.works_in.add(region)
