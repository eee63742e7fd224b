"""Adding, changing and publishing organisations."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from regions.enums import LEGAL_PERSONS
from regions.models import Municipality, Organisation, Region, Representative
from regions.names import sort_name
from regions.permissions import check_maps, check_may_edit, check_may_publish


@dataclass(frozen=True)
class OrganisationFacts:
    """What is written down of an organisation."""

    name: str
    legal_form: str
    municipality: Municipality
    kvk_number: str = ""
    website: str = ""
    description: str = ""
    streams: list[str] = field(default_factory=list)


class NotALegalPerson(RuleViolation):
    """Only legal persons in the register take part in a coalition (rule 8)."""


class AlreadyRepresented(RuleViolation):
    """Somebody else speaks for this organisation already."""


def check_legal_person(facts: OrganisationFacts) -> None:
    """Raise ``NotALegalPerson`` for a form or a number with which nobody can apply (rule 8)."""
    if facts.legal_form not in LEGAL_PERSONS:
        raise NotALegalPerson(
            _("Only legal persons can take part. Ask an organisation you work with to take your place."),
            field="legal_form",
        )
    if not (len(facts.kvk_number) == 8 and facts.kvk_number.isascii() and facts.kvk_number.isdigit()):
        raise NotALegalPerson(_("A KvK number has eight digits."), field="kvk_number")


@transaction.atomic
def claim_organisation(*, facts: OrganisationFacts, actor: User, at: datetime) -> Organisation:
    """Let somebody speak for the organisation with this KvK number, adding it when it is new.

    A mapped organisation for which nobody speaks yet keeps what the map says of it. Raises
    ``NotALegalPerson``, and ``AlreadyRepresented`` when colleagues are here already.
    """
    check_legal_person(facts)
    organisation = _find_or_add(facts, actor=actor, at=at)
    if organisation.representatives.filter(user=actor).exists():
        return organisation
    if organisation.representatives.exists():
        raise AlreadyRepresented(
            _(
                "This organisation is already in the portal. Ask the colleague who registered it, "
                "or ask us through the contact page."
            ),
            field="kvk_number",
        )
    Representative.objects.create(organisation=organisation, user=actor, since_at=at)
    record("regions.organisation_claimed", subject=organisation, actor=actor, at=at)
    return organisation


@transaction.atomic
def find_or_add_partner(*, facts: OrganisationFacts, actor: User, at: datetime) -> Organisation:
    """Return the legal person with this KvK number, adding it when nobody did before.

    Raises ``NotALegalPerson``.
    """
    check_legal_person(facts)
    return _find_or_add(facts, actor=actor, at=at)


@transaction.atomic
def add_to_map(
    *, facts: OrganisationFacts, region: Region, also_in: Iterable[Region] = (), actor: User, at: datetime
) -> Organisation:
    """Add an organisation to the map of a region; any legal form will do.

    Raises ``NotAllowed`` when the region is not assigned to the actor, and ``RuleViolation`` for a KvK
    number that is on the map already.
    """
    check_maps(actor, region)
    if facts.kvk_number and _by_kvk_number(facts.kvk_number):
        raise RuleViolation(_("There is already an organisation with this KvK number."), field="kvk_number")
    organisation = _add(facts, actor=actor, at=at)
    organisation.works_in.add(region, *also_in)
    return organisation


@transaction.atomic
def change_organisation(
    *, organisation_id: int, facts: OrganisationFacts, actor: User, at: datetime
) -> Organisation:
    """Write down other facts of an organisation.

    Raises ``NotAllowed``, ``RuleViolation`` for a KvK number of another organisation, and for a change
    of number or form where somebody already speaks for it.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    check_may_edit(actor, organisation)
    other = _by_kvk_number(facts.kvk_number) if facts.kvk_number else None
    if other and other.pk != organisation.pk:
        raise RuleViolation(_("There is already an organisation with this KvK number."), field="kvk_number")
    if organisation.representatives.exists():
        _check_identity_is_kept(organisation, facts)
    seat_before = organisation.municipality.region
    changed = _write(organisation, facts)
    organisation.save()
    if seat_before != facts.municipality.region:
        _keep_where_it_is_active(organisation, seat_before)
    record(
        "regions.organisation_changed", subject=organisation, actor=actor, at=at, facts={"fields": changed}
    )
    return organisation


@transaction.atomic
def publish_organisation(*, organisation_id: int, actor: User, at: datetime) -> Organisation:
    """Show an organisation to everybody; a second time changes nothing (rule 23). Raises ``NotAllowed``."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    check_may_publish(actor, organisation)
    if organisation.published_at is None:
        organisation.published_at, organisation.published_by = at, actor
        organisation.save(update_fields=["published_at", "published_by"])
        record("regions.organisation_published", subject=organisation, actor=actor, at=at)
    return organisation


@transaction.atomic
def withdraw_publication(*, organisation_id: int, actor: User, at: datetime) -> Organisation:
    """Take an organisation from the public pages. Raises ``NotAllowed``."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    check_may_publish(actor, organisation)
    if organisation.published_at is not None:
        organisation.published_at = organisation.published_by = None
        organisation.save(update_fields=["published_at", "published_by"])
        record("regions.organisation_unpublished", subject=organisation, actor=actor, at=at)
    return organisation


def _keep_where_it_is_active(organisation: Organisation, region: Region) -> None:
    """Let an organisation whose seat turns out to lie elsewhere stay in a region where it takes part."""
    takes_part = organisation.participations.filter(coalition__region=region)
    if takes_part.exists() or organisation.engagements.filter(question__region=region).exists():
        organisation.works_in.add(region)


def _by_kvk_number(kvk_number: str) -> Organisation | None:
    return Organisation.objects.filter(kvk_number=kvk_number).first()


def _find_or_add(facts: OrganisationFacts, *, actor: User, at: datetime) -> Organisation:
    """Return the organisation with this KvK number, locked, so that two people at once find the same."""
    known = Organisation.objects.select_for_update().filter(kvk_number=facts.kvk_number)
    if found := known.first():
        return found
    try:
        with transaction.atomic():
            return _add(facts, actor=actor, at=at)
    except IntegrityError:
        return known.get()


def _add(facts: OrganisationFacts, *, actor: User, at: datetime) -> Organisation:
    organisation = Organisation(created_by=actor, created_at=at)
    _write(organisation, facts)
    organisation.full_clean(exclude=["created_by", "published_by"], validate_constraints=False)
    organisation.save()
    record("regions.organisation_added", subject=organisation, actor=actor, at=at)
    return organisation


def _write(organisation: Organisation, facts: OrganisationFacts) -> list[str]:
    """Write the facts on the row and return the names of the fields that changed."""
    values = {**vars(facts), "sort_name": sort_name(facts.name)}
    changed = [name for name, value in values.items() if getattr(organisation, name, None) != value]
    for name in changed:
        setattr(organisation, name, values[name])
    return sorted(changed)


def _check_identity_is_kept(organisation: Organisation, facts: OrganisationFacts) -> None:
    if facts.kvk_number != organisation.kvk_number:
        raise RuleViolation(
            _("Somebody speaks for this organisation already, so its KvK number stays as it is."),
            field="kvk_number",
        )
    if facts.legal_form != organisation.legal_form:
        raise RuleViolation(
            _("Somebody speaks for this organisation already, so its legal form stays as it is."),
            field="legal_form",
        )
