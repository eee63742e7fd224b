"""A discarded draft is put back; from what was withdrawn or rejected one starts again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain import lifecycle
from applications.domain.attachments import NewFile, check_attachment_quota, keep_attachment
from applications.domain.drafting import begin_draft, check_call_open
from applications.domain.lifecycle import WrongStatus
from applications.domain.locking import locked_for
from applications.domain.steering import carry_steerers
from applications.enums import OPEN_OR_GRANTED_STATUSES, UNDO_DAYS, Status
from applications.models import Application, ApplicationPeople, ApplicationSection, BudgetLine, Writer
from applications.permissions import may_manage
from coalitions.permissions import may_lead
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.documents.domain.files import DamagedFile, read_file
from hubportal.documents.enums import ScanState
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.periods import days_later

# How the letter is sent is asked anew: consent to e-mail is given for one application (Awb 2.3).
_KEPT_OF_PEOPLE = {"id", "application", "version", "saved_at", "saved_by", "electronic_letters"}

# A decision shows as a status once its letter is there, which says until when one can apply again.
STARTED_FROM = frozenset({Status.WITHDRAWN, Status.REJECTED})


class AnotherApplication(RuleViolation):
    """The coalition has an open application or a grant in this call (rule 11)."""


def undo_until(application: Application) -> datetime | None:
    """Return the moment before which a discarded draft can be put back; None for anything else."""
    if application.status != Status.WITHDRAWN or application.submitted_at or not application.withdrawn_at:
        return None
    return days_later(application.withdrawn_at, UNDO_DAYS)


def can_be_undone(application: Application, *, at: datetime) -> bool:
    """Tell whether a draft was discarded so lately that it can be put back."""
    until = undo_until(application)
    return until is not None and at < until


@transaction.atomic(durable=True)
def undo_withdrawal(*, application_id: int, actor: User, at: datetime) -> Application:
    """Put a discarded draft back as it was, with what was asked and answered. Idempotent.

    Raises ``NotAllowed``, ``WrongStatus`` for what was submitted or was discarded too long ago, and
    ``AnotherApplication``.
    """
    application = locked_for(may_manage, actor, pk=application_id)
    if application.is_draft:
        return application
    if not can_be_undone(application, at=at):
        raise WrongStatus(_("This application can no longer be put back. You can start again from it."))
    check_nothing_in_the_way(application)
    return lifecycle.move(application, to=Status.DRAFT, actor=actor, at=at, withdrawn_at=None, changed_at=at)


@transaction.atomic(durable=True)
def start_again(*, application_id: int, actor: User, at: datetime) -> Application:
    """Start a new draft with the texts, budget, people and attachments of what was withdrawn or rejected. Idempotent.

    Consent is asked anew. A file that is damaged or holds a virus is left out. Raises ``NotAllowed``, ``WrongStatus``,
    ``AnotherApplication``, ``CallClosed`` and ``TooMuch``.
    """
    lock_person(actor)
    before = locked_for(may_manage, actor, pk=application_id)
    may_lead.check(actor, before.coalition)
    if before.status not in STARTED_FROM:
        raise WrongStatus(_("You can only start again from an application that was withdrawn or rejected."))
    begun = before.coalition.applications.filter(started_from=before, status=Status.DRAFT).first()
    if begun is not None:
        return begun
    check_nothing_in_the_way(before)
    check_call_open(before.call, at=at)
    check_attachment_quota(actor, adding=before.attachments.count(), at=at)
    draft = begin_draft(before.coalition, before.call, actor=actor, at=at, started_from=before)
    _copy_who_took_part(before, draft)
    _copy_particulars(before, draft, at=at)
    _copy_people(before, draft)
    _copy_sections(before, draft, actor=actor, at=at)
    _copy_budget(before, draft)
    _copy_attachments(before, draft, actor=actor, at=at)
    return draft


def check_nothing_in_the_way(application: Application) -> None:
    """Raise ``AnotherApplication`` where the coalition has an open application or a grant in the call (rule 11)."""
    others = application.coalition.applications.filter(call=application.call_id)
    other = others.filter(status__in=OPEN_OR_GRANTED_STATUSES).first()
    if other is not None:
        raise AnotherApplication(
            _("Your coalition already has another application in this call: %(reference)s.")
            % {"reference": other.reference}
        )


def _copy_who_took_part(before: Application, draft: Application) -> None:
    """Tie whoever wrote, read, steered, agreed to or signed the one before to what comes of its texts (rules 14 and 29)."""
    wrote = before.writers.order_by("pk").values_list("user", flat=True)
    took_part = before.collaborators.exclude(user=None).order_by("pk").values_list("user", flat=True)
    Writer.objects.bulk_create(
        [Writer(application=draft, user_id=each) for each in dict.fromkeys([*wrote, *took_part])],
        ignore_conflicts=True,
    )
    carry_steerers(before, draft)


def _copy_particulars(before: Application, draft: Application, *, at: datetime) -> None:
    draft.title, draft.starts_on, draft.duration_months = (
        before.title,
        before.starts_on,
        before.duration_months,
    )
    draft.requested_amount = before.requested_amount
    draft.particulars_version += 1
    draft.budget_version += 1
    draft.changed_at = at
    draft.save()


def _copy_people(before: Application, draft: Application) -> None:
    """Take over who was named; an organisation that left the coalition no longer."""
    members = set(draft.coalition.participations.values_list("organisation_id", flat=True))
    people = draft.people
    for field in ApplicationPeople._meta.concrete_fields:
        if field.name not in _KEPT_OF_PEOPLE:
            value = getattr(before.people, field.attname)
            if field.is_relation and value not in members:
                value = None
            setattr(people, field.attname, value)
    people.version += 1
    people.save()


def _copy_sections(before: Application, draft: Application, *, actor: User, at: datetime) -> None:
    ApplicationSection.objects.bulk_create(
        ApplicationSection(
            application=draft, spec_id=each.spec_id, text=each.text, saved_at=at, saved_by=actor
        )
        for each in before.sections.all()
    )


def _copy_budget(before: Application, draft: Application) -> None:
    # A line keeps its organisation in the coalition: nobody leaves while it has one.
    BudgetLine.objects.bulk_create(
        BudgetLine(
            application=draft,
            heading_id=each.heading_id,
            participation_id=each.participation_id,
            description=each.description,
            hours=each.hours,
            rate=each.rate,
            amount=each.amount,
            position=each.position,
        )
        for each in before.budget_lines.all()
    )


def _copy_attachments(before: Application, draft: Application, *, actor: User, at: datetime) -> None:
    for each in before.attachments.exclude(scan=ScanState.INFECTED):
        try:
            content = read_file(each.stored_as, each.sha256)
        except DamagedFile:
            continue
        file = NewFile(each.title, content, each.kind, ScanState(each.scan))
        keep_attachment(draft, file, actor=actor, at=at)
