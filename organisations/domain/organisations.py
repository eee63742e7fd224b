"""The facts of an organisation, and adding one."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.quotas import check_quota
from organisations.events import ADDED
from organisations.legal_forms import LEGAL_PERSONS
from organisations.models import Organisation, OrganisationKind
from regions.models import Municipality
from regions.names import sort_name

# Per person who names partners; a kwartiermaker maps as many as there are.
MAX_ORGANISATIONS_A_DAY = 50
# Facts that only who takes part in a coalition must tell.
NEEDED_IN_COALITION = ("legal_form", "municipality")


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


class NotALegalPerson(RuleViolation):
    """Only legal persons in the register take part in a coalition (rule 8)."""


def check_legal_person(facts: OrganisationFacts) -> None:
    """Raise ``NotALegalPerson`` for a form or a number with which nobody can apply (rule 8)."""
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


def with_kvk_number(kvk_number: str) -> Organisation | None:
    """Return the organisation with this number in the trade register, if the portal knows one."""
    return Organisation.objects.filter(kvk_number=kvk_number).first()


def find_or_add(facts: OrganisationFacts, *, actor: User, at: datetime) -> Organisation:
    """Return the organisation with this KvK number, locked, so that two people at once find the same.

    One that is known keeps its facts; legal form and seat, which the map does not ask, are filled in where they are missing,
    and the map does not show them (rule 26). Raises ``TooMuch``.
    """
    known = Organisation.objects.select_for_update().filter(kvk_number=facts.kvk_number)
    if found := known.first():
        return _completed(found, facts)
    check_quota(
        Organisation.objects.filter(created_by=actor),
        moment="created_at",
        most=MAX_ORGANISATIONS_A_DAY,
        at=at,
        field="kvk_number",
    )
    try:
        # A savepoint: somebody else may add the same number between the question and the answer.
        with transaction.atomic():
            return add_organisation(facts, actor=actor, at=at)
    except IntegrityError:
        return _completed(known.get(), facts)


def _completed(organisation: Organisation, facts: OrganisationFacts) -> Organisation:
    missing = [name for name in NEEDED_IN_COALITION if not getattr(organisation, name)]
    if missing:
        for name in missing:
            setattr(organisation, name, getattr(facts, name))
        organisation.kept_off_map = sorted({*organisation.kept_off_map, *missing})
        organisation.save(update_fields=[*missing, "kept_off_map"])
    return organisation


def as_on_map(organisation: Organisation, facts: OrganisationFacts) -> OrganisationFacts:
    """Return the facts with what the map left out of legal form and seat as it is, and note that the map leaves it out.

    So a kwartiermaker neither wipes what a coalition needs nor hears of it (rule 26).
    """
    left_out = [name for name in NEEDED_IN_COALITION if not getattr(facts, name)]
    organisation.kept_off_map = [name for name in left_out if getattr(organisation, name)]
    return replace(facts, **{name: getattr(organisation, name) for name in left_out})


def add_organisation(facts: OrganisationFacts, *, actor: User, at: datetime) -> Organisation:
    """Add an organisation, within the caller's act. Raises ``IntegrityError`` for a KvK number that is taken."""
    organisation = Organisation(created_by=actor, created_at=at)
    write_facts(organisation, facts)
    organisation.full_clean(exclude=["created_by", "published_by"], validate_constraints=False)
    organisation.save()
    record(ADDED, subject=organisation, actor=actor, at=at)
    return organisation


def write_facts(organisation: Organisation, facts: OrganisationFacts) -> list[str]:
    """Write the facts on the row and return the names of the fields that changed."""
    values = {**vars(facts), "sort_name": sort_name(facts.name)}
    changed = [name for name, value in values.items() if getattr(organisation, name, None) != value]
    for name in changed:
        setattr(organisation, name, values[name])
    return sorted(changed)
