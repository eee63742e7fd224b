"""Starting an application and writing it."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from applications.domain.locking import locked_draft, locked_draft_of
from applications.domain.sections import section_to_write, write_section
from applications.domain.versions import Saving, Standing, begins_a_version
from applications.enums import OPEN_OR_GRANTED_STATUSES, Status
from applications.events import STARTED
from applications.models import Application, ApplicationPeople, ApplicationSection
from applications.permissions import may_manage
from calls.domain.rounds import is_before_opening, round_for
from calls.models import Call
from coalitions.models import Coalition
from coalitions.permissions import may_lead
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.quotas import check_quota
from hubportal.kernel.versions import is_to_be_saved
from regions.domain.changes import note_changes

# Per person.
MAX_APPLICATIONS_A_DAY = 20


class CallClosed(RuleViolation):
    """The call is not open for applications."""


@transaction.atomic(durable=True)
def start_application(*, coalition_id: int, call: Call, actor: User, at: datetime) -> Application:
    """Start the application of a coalition for a call. Idempotent: returns an open one (rule 11).

    Raises ``NotAllowed``, ``RuleViolation`` for a coalition with a grant in this call, and ``CallClosed``
    before the opening and after the last deadline, and ``TooMuch``.
    """
    lock_person(actor)
    coalition = Coalition.objects.select_for_update().get(pk=coalition_id)
    may_lead.check(actor, coalition)
    existing = coalition.applications.filter(call=call, status__in=OPEN_OR_GRANTED_STATUSES).first()
    if existing is not None and existing.status == Status.GRANTED:
        raise RuleViolation(
            _("This coalition has already been awarded a grant in this call: %(reference)s.")
            % {"reference": existing.reference}
        )
    if existing is not None:
        return existing
    check_call_open(call, at=at)
    return begin_draft(coalition, call, actor=actor, at=at)


def check_call_open(call: Call, *, at: datetime) -> None:
    """Raise ``CallClosed`` before the opening and after the last deadline."""
    if is_before_opening(at, call) or round_for(at, call.rounds.all()) is None:
        raise CallClosed(_("This call is not open for applications at the moment."))


def begin_draft(
    coalition: Coalition, call: Call, *, actor: User, at: datetime, started_from: Application | None = None
) -> Application:
    """Make an empty draft for a coalition that is locked, as is the person who asks. Raises ``TooMuch``."""
    check_quota(
        Application.objects.filter(created_by=actor), moment="created_at", most=MAX_APPLICATIONS_A_DAY, at=at
    )
    application = Application.objects.create(
        reference=_next_reference(call),
        coalition=coalition,
        call=call,
        amount_ceiling=call.grant_maximum,
        max_months=call.max_months,
        started_from=started_from,
        created_by=actor,
        created_at=at,
        changed_at=at,
        particulars_saved_at=at,
        particulars_saved_by=actor,
        budget_saved_at=at,
        budget_saved_by=actor,
    )
    _name_main_applicant(application, actor=actor, at=at)
    # A coalition that practises is on no map.
    note_changes([coalition.region_id], at=at)
    record(STARTED, subject=application, actor=actor, at=at)
    return application


def _name_main_applicant(application: Application, *, actor: User, at: datetime) -> None:
    lead = application.coalition.lead_organisation
    ApplicationPeople.objects.create(
        application=application,
        main_applicant_organisation=lead,
        signatory_organisation=lead,
        main_applicant_name=actor.full_name,
        main_applicant_email=actor.email,
        saved_at=at,
        saved_by=actor,
    )


def _next_reference(call: Call) -> str:
    Call.objects.filter(pk=call.pk).update(last_number=F("last_number") + 1)
    number = Call.objects.values_list("last_number", flat=True).get(pk=call.pk)
    return f"{call.reference_prefix}-{number:04d}"


_PARTICULARS = (
    *("title", "starts_on", "duration_months"),
    *("particulars_version", "particulars_saved_at", "particulars_saved_by"),
    *("particulars_begun_with", "particulars_begun_at", "particulars_restored_from"),
)


@dataclass(frozen=True)
class Particulars:
    """Title, first day and duration as typed; empty where nothing was."""

    title: str
    starts_on: date | None
    duration_months: int | None


@transaction.atomic(durable=True)
def save_particulars(
    *,
    application_id: int,
    title: str,
    starts_on: date | None,
    duration_months: int | None,
    seen_version: int,
    actor: User,
    at: datetime,
    begins: bool = False,
) -> Application:
    """Save title, first day and duration of a draft; completeness is checked at submission.

    Idempotent: the same content is not saved again (rule 12). ``begins`` where a newer version is overwritten on purpose.
    Raises ``NotAllowed``, ``WrongStatus``, ``NewerVersion``, and ``RuleViolation`` for a duration that the call does
    not allow (rule 7).
    """
    application = locked_draft(application_id, actor)
    typed = Particulars(title, starts_on, duration_months)
    return write_particulars(application, typed, Saving(seen_version, actor, at, begins))


def write_particulars(application: Application, typed: Particulars, saving: Saving) -> Application:
    """Write title, first day and duration of a draft that is locked, within the caller's act. Idempotent.

    Raises what ``save_particulars`` does of them.
    """
    _check_duration(application.call, typed.duration_months)
    kept = Particulars(application.title, application.starts_on, application.duration_months)
    current = application.particulars_version
    if not is_to_be_saved(typed=typed, kept=kept, seen=saving.seen, current=current):
        return application
    standing = Standing(
        application.particulars_begun_at,
        application.particulars_saved_by_id,
        application.particulars_restored_from,
    )
    emptied = any(before and not after for before, after in zip(astuple(kept), astuple(typed), strict=True))
    if begins_a_version(standing, saving, takes_out_much=emptied):
        application.particulars_begun_with = application.particulars_version + 1
        application.particulars_begun_at = saving.at
        application.particulars_restored_from = saving.restored_from
    application.title, application.starts_on, application.duration_months = astuple(typed)
    application.particulars_version += 1
    application.particulars_saved_at, application.particulars_saved_by = saving.at, saving.actor
    application.changed_at = saving.at
    application.save(update_fields=[*_PARTICULARS, "changed_at"])
    return application


def _check_duration(call: Call, months: int | None) -> None:
    if months is not None and not call.min_months <= months <= call.max_months:
        raise RuleViolation(
            _("A project lasts %(shortest)d to %(longest)d whole months.")
            % {"shortest": call.min_months, "longest": call.max_months},
            field="duration_months",
        )


# The caller checked that the organisations exist and belong to the coalition.
_RELATED = {each.name for each in ApplicationPeople._meta.concrete_fields if each.is_relation}


@transaction.atomic(durable=True)
def save_people(
    *, application_id: int, values: Mapping[str, Any], seen_version: int, actor: User, at: datetime
) -> ApplicationPeople:
    """Save main applicant, authorised signatory and project leader. Idempotent.

    Raises ``NotAllowed``, ``WrongStatus``, ``NewerVersion``, ``RuleViolation`` at ``signatory_organisation`` for a signatory of another organisation than the
    main applicant's (rule 10), and at the field for an organisation outside the coalition.
    """
    application = locked_draft(application_id, actor, permission=may_manage)
    _check_organisations(application, values)
    people = application.people
    before = _columns(people)
    for name, value in values.items():
        setattr(people, name, value)
    if not is_to_be_saved(typed=_columns(people), kept=before, seen=seen_version, current=people.version):
        return people
    try:
        people.full_clean(exclude=_RELATED, validate_unique=False, validate_constraints=False)
    except ValidationError as refusal:
        field, sentences = next(iter(refusal.message_dict.items()))
        raise RuleViolation(sentences[0], field=field) from refusal
    people.version += 1
    people.saved_at, people.saved_by = at, actor
    people.save()
    application.changed_at = at
    application.save(update_fields=["changed_at"])
    return people


def _columns(people: ApplicationPeople) -> dict[str, Any]:
    return {each.attname: getattr(people, each.attname) for each in people._meta.concrete_fields}


def _check_organisations(application: Application, values: Mapping[str, Any]) -> None:
    members = set(application.coalition.participations.values_list("organisation_id", flat=True))
    for name in ("main_applicant_organisation", "signatory_organisation", "leader_organisation"):
        organisation = values.get(name)
        if organisation is not None and organisation.pk not in members:
            raise RuleViolation(_("This organisation is not in the coalition."), field=name)
    lead = application.coalition.lead_organisation
    if values.get("main_applicant_organisation") not in {None, lead}:
        raise RuleViolation(
            _("The main applicant belongs to the lead organisation, %(lead)s.")
            % {"lead": application.coalition.lead_name},
            field="main_applicant_organisation",
        )
    if values.get("signatory_organisation") not in {None, lead}:
        raise RuleViolation(
            _("Main applicant and authorised signatory belong to the same organisation, %(lead)s.")
            % {"lead": application.coalition.lead_name},
            field="signatory_organisation",
        )


@transaction.atomic(durable=True)
def save_section(
    *,
    reference: str,
    key: str,
    text: str,
    seen_version: int,
    actor: User,
    at: datetime,
    begins: bool = False,
) -> ApplicationSection:
    """Save the text of one section. Idempotent (rule 12).

    ``seen_version`` is the optimistic version, 0 for an empty section; ``begins`` where a newer one is overwritten on
    purpose. A text that is too long is saved, and refused
    at submission. Raises ``NotAllowed``, ``WrongStatus``, ``NewerVersion``, ``DoesNotExist`` for a section that the
    call does not have, and ``RuleViolation`` for a text of more than four times the limit.
    """
    application = locked_draft_of(reference, actor)
    spec, section = section_to_write(application, key)
    return write_section(section, spec, text, Saving(seen_version, actor, at, begins))
