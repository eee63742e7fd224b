"""Putting organisations on the map, changing and publishing them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from mapping.events import ORGANISATION_CHANGED, ORGANISATION_PUBLISHED, ORGANISATION_UNPUBLISHED
from mapping.permissions import may_edit, may_map, may_publish
from organisations.domain.organisations import (
    OrganisationFacts,
    add_organisation,
    with_kvk_number,
    write_facts,
)
from organisations.models import Organisation
from organisations.queries import regions_of_organisation
from regions.domain.changes import note_changes
from regions.models import Region


@transaction.atomic(durable=True)
def add_to_map(
    *, facts: OrganisationFacts, region: Region, also_in: Iterable[Region] = (), actor: User, at: datetime
) -> Organisation:
    """Put an organisation on the map of a region; any legal form will do.

    One that the portal knew by its KvK number, but not on the map, comes on it with what was typed here; who speaks for
    it keeps its name, form and seat. Raises ``NotAllowed`` when the region is not assigned to the actor, and
    ``RuleViolation`` for a KvK number that is on the map already.
    """
    may_map.check(actor, region)
    known = with_kvk_number(facts.kvk_number) if facts.kvk_number else None
    if known is None:
        organisation = add_organisation(facts, actor=actor, at=at)
    else:
        organisation = _known_by_number(known.pk, facts, actor=actor, at=at)
    organisation.mapped_at = at
    organisation.save(update_fields=["mapped_at"])
    organisation.works_in.add(region, *also_in)
    return organisation


def _known_by_number(pk: int, facts: OrganisationFacts, *, actor: User, at: datetime) -> Organisation:
    organisation = Organisation.objects.select_for_update().get(pk=pk)
    if organisation.mapped_at is not None:
        raise RuleViolation(_("There is already an organisation with this KvK number."), field="kvk_number")
    if organisation.representatives.exists():
        facts = replace(
            facts,
            name=organisation.name,
            legal_form=organisation.legal_form,
            municipality=organisation.municipality,
        )
    changed = write_facts(organisation, facts)
    organisation.save()
    record(ORGANISATION_CHANGED, subject=organisation, actor=actor, at=at, facts={"fields": changed})
    return organisation


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

    Raises ``NotAllowed``, ``RuleViolation`` for a KvK number of another organisation, and for a change
    of number or form where somebody already speaks for it.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    may_edit.check(actor, organisation)
    other = with_kvk_number(facts.kvk_number) if facts.kvk_number else None
    if other and other.pk != organisation.pk:
        raise RuleViolation(_("There is already an organisation with this KvK number."), field="kvk_number")
    if organisation.representatives.exists():
        _check_identity_is_kept(organisation, facts)
    seat_before = organisation.municipality.region
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
    """Keep an organisation active in a region where it takes part, when its seat moves to another region."""
    # The map does not tell in which coalitions it takes part.
    organisation.participations.filter(coalition__region=region).update(works_in_region=True)
    if organisation.engagements.filter(question__region=region).exists():
        organisation.works_in.add(region)


def _check_identity_is_kept(organisation: Organisation, facts: OrganisationFacts) -> None:
    if facts.kvk_number != organisation.kvk_number:
        raise RuleViolation(
            _("Someone already represents this organisation, so its KvK number cannot be changed."),
            field="kvk_number",
        )
    if facts.legal_form != organisation.legal_form:
        raise RuleViolation(
            _("Someone already represents this organisation, so its legal form cannot be changed."),
            field="legal_form",
        )
