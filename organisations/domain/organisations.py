"""The facts of an organisation, and adding one."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from organisations.events import ADDED
from organisations.legal_forms import LEGAL_PERSONS, LegalForm
from organisations.models import Organisation, OrganisationKind, StatedOrganisation
from organisations.queries import with_kvk_number
from regions.models import Municipality, Region
from regions.names import sort_name

# The columns of ``StatedOrganisation``.
STATED = ("stated_name", "stated_sort_name", "stated_legal_form", "stated_municipality")


@dataclass(frozen=True)
class OrganisationFacts:
    """The facts of an organisation; on the map a name is enough."""

    name: str
    legal_form: str = ""
    municipality: Municipality | None = None
    kvk_number: str = ""
    website: str = ""
    description: str = ""
    streams: list[str] = field(default_factory=list)
    kind: OrganisationKind | None = None
    role: str = ""
    reach: str = ""
    neighbourhood: str = ""
    domains: list[str] = field(default_factory=list)
    public_contact: str = ""
    other_names: str = ""


class NotALegalPerson(RuleViolation):
    """Only legal persons in the register take part in a coalition (rule 8)."""


def check_legal_person(facts: OrganisationFacts) -> None:
    """Raise ``NotALegalPerson`` for a form or a number with which nobody can apply (rule 8)."""
    if facts.legal_form == LegalForm.INFORMAL_ASSOCIATION:
        raise NotALegalPerson(
            _(
                "An association of which no notary made the statutes cannot take part. Did a notary make them? Then choose “association "
                "with full legal capacity”. If not, ask an organisation you work with to take your place."
            ),
            field="legal_form",
        )
    if facts.legal_form not in LEGAL_PERSONS:
        raise NotALegalPerson(
            _("Only legal persons can take part. Ask an organisation you work with to take your place."),
            field="legal_form",
        )
    if not (len(facts.kvk_number) == 8 and facts.kvk_number.isascii() and facts.kvk_number.isdigit()):
        raise NotALegalPerson(_("A KvK number has eight digits."), field="kvk_number")


def find_or_add_partner(*, facts: OrganisationFacts, actor: User, at: datetime) -> Organisation:
    """Return the legal person with this KvK number, adding it if needed, within the caller's act.

    Raises ``NotALegalPerson``.
    """
    check_legal_person(facts)
    return find_or_add(facts, actor=actor, at=at)


def stated(facts: OrganisationFacts) -> dict[str, Any]:
    """Return the columns of a ``StatedOrganisation`` for what somebody said of an organisation."""
    return {
        "stated_name": facts.name,
        "stated_sort_name": sort_name(facts.name),
        "stated_legal_form": facts.legal_form,
        "stated_municipality": facts.municipality,
    }


def stated_as(other: StatedOrganisation) -> dict[str, Any]:
    """Return the same columns for an organisation that is named as another row names it."""
    return {name: getattr(other, name) for name in STATED}


def find_or_add(facts: OrganisationFacts, *, actor: User, at: datetime) -> Organisation:
    """Return the organisation with this KvK number, locked, so that two people at once find the same.

    Nothing of what it answers may reach the actor but what they said themselves: not what it is called, nor that it was
    known (rule 26). So a known number takes the same statements as another, and who named it first stands on the row, not in
    an event. Callers limit how often somebody asks, whatever comes of it.
    """
    organisation = _unsaved(facts, actor=actor, at=at)
    # Waits for whoever adds the same number at the same time, and leaves a known one as it is.
    Organisation.objects.bulk_create([organisation], ignore_conflicts=True)
    return with_kvk_number(facts.kvk_number).select_for_update().get()


def add_organisation(
    facts: OrganisationFacts,
    *,
    mapped_at: datetime | None = None,
    apart_in: Region | None = None,
    actor: User,
    at: datetime,
) -> Organisation:
    """Add an organisation, within the caller's act. Raises ``IntegrityError`` for a KvK number that is taken."""
    organisation = _unsaved(facts, mapped_at=mapped_at, apart_in=apart_in, actor=actor, at=at)
    organisation.save()
    record(ADDED, subject=organisation, actor=actor, at=at)
    return organisation


def _unsaved(facts: OrganisationFacts, *, actor: User, at: datetime, **values: Any) -> Organisation:
    organisation = Organisation(created_by=actor, created_at=at, **values)
    write_facts(organisation, facts)
    organisation.full_clean(exclude=["created_by", "published_by"], validate_constraints=False)
    return organisation


def write_facts(organisation: Organisation, facts: OrganisationFacts) -> list[str]:
    """Write the facts on the row and return the names of the fields that changed."""
    values = {**vars(facts), "sort_name": sort_name(facts.name)}
    changed = [name for name, value in values.items() if getattr(organisation, name, None) != value]
    for name in changed:
        setattr(organisation, name, values[name])
    return sorted(changed)
