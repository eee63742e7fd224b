"""Declaring interests, and what opens and closes reading (rule 14; Awb 2:4)."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application, ReadingAccess
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import is_filled
from organisations.models import Organisation
from reviews.domain.ending import can_go_on, end, take_up_again
from reviews.domain.mails import queue_review_out
from reviews.domain.results import store_result
from reviews.enums import AffiliationKind, AssignmentEnd, InterestOrigin
from reviews.events import AFFILIATION_ENDED, AFFILIATION_NOTED, INTEREST_DECLARED, MEASURE_RECORDED
from reviews.models import Affiliation, Assignment, InterestDeclaration
from reviews.permissions import may_declare, may_end_position, may_measure, may_note_positions
from reviews.ties import readers_tied, ties


@transaction.atomic(durable=True)
def declare_interest(
    *, application_id: int, has_interest: bool, explanation: str, actor: User, at: datetime
) -> InterestDeclaration:
    """Record a person's declaration on one application, and grant or revoke reading access accordingly.

    A tie by employer, board seat, representation or mailbox to the application is an interest, also if none is
    declared. Raises
    ``NotAllowed`` unless the person assesses applications, and ``RuleViolation`` for an interest without an
    explanation, or for taking back an interest on which a measure was recorded.
    """
    _lock_interests_of(actor)
    application = Application.objects.select_for_update().get(pk=application_id)
    may_declare.check(actor, application)
    conflicts = conflicting_organisations(actor, application)
    if conflicts:
        has_interest, origin = True, InterestOrigin.DATA
        explanation = explanation or ", ".join(each.name for each in conflicts)
    else:
        origin = InterestOrigin.DECLARED
    if has_interest and not is_filled(explanation):
        raise RuleViolation(_("Explain briefly what your interest is."), field="explanation")
    return _declare(
        application, actor, has_interest=has_interest, origin=origin, explanation=explanation, at=at
    )


def conflicting_organisations(user: User, application: Application) -> list[Organisation]:
    """Return the organisations of the coalition to which a person is tied, by position, representation or mailbox."""
    found = ties(Application.objects.filter(pk=application.pk), User.objects.filter(pk=user.pk))
    return list(Organisation.objects.filter(pk__in={each.organisation for each in found}))


@transaction.atomic(durable=True)
def note_affiliation(
    *, user: User, organisation: Organisation, kind: AffiliationKind, actor: User, at: datetime
) -> Affiliation:
    """Record an employer or board seat, and revoke access on the conflicts of interest that it causes.

    People record their own positions; administrators anybody's. Raises ``NotAllowed``.
    """
    may_note_positions.check(actor, user)
    _lock_interests_of(user)
    known = Affiliation.objects.filter(user=user, organisation=organisation, kind=kind, ended_at=None)
    affiliation = known.first()
    if affiliation is None:
        affiliation = Affiliation.objects.create(user=user, organisation=organisation, kind=kind, noted_at=at)
        record(AFFILIATION_NOTED, subject=affiliation, actor=actor, at=at)
    open_to_them = ReadingAccess.objects.filter(user=user, revoked_at=None).values("application")
    assigned = Assignment.objects.filter(reviewer=user, ended_at=None).values("application")
    affected = Application.objects.filter(
        Q(pk__in=open_to_them) | Q(pk__in=assigned),
        coalition__participations__organisation=organisation,
        coalition__participations__joined_at__lte=F("submitted_at"),
    )
    for application in Application.objects.select_for_update().filter(pk__in=affected.values("pk")):
        _declare(
            application,
            user,
            has_interest=True,
            origin=InterestOrigin.DATA,
            explanation=organisation.name,
            at=at,
        )
    return affiliation


@transaction.atomic(durable=True)
def end_affiliation(*, affiliation_id: int, actor: User, at: datetime) -> Affiliation:
    """End a position, or one recorded by mistake: it causes no conflicts of interest from then on. Idempotent.

    Access revoked before stays revoked: only a measure restores it. Nobody ends a position of their own: raises
    ``NotAllowed`` unless the actor is another administrator.
    """
    affiliation = Affiliation.objects.select_for_update(of=("self",)).get(pk=affiliation_id)
    may_end_position.check(actor, affiliation)
    if affiliation.ended_at is None:
        affiliation.ended_at = at
        affiliation.save(update_fields=["ended_at"])
        record(AFFILIATION_ENDED, subject=affiliation, actor=actor, at=at)
    return affiliation


def _lock_interests_of(user: User) -> None:
    """Serialise declarations and new positions of one person."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


@transaction.atomic(durable=True)
def revoke_access_on_conflict(*, access_id: int, at: datetime) -> bool:
    """Revoke access on a conflict of interest that follows from data; ``False`` if there is none.

    A person may come to represent an organisation after declaring no interest. A measure on the conflict keeps
    access. Idempotent.
    """
    held = ReadingAccess.objects.values_list("application_id", flat=True).get(pk=access_id)
    application = Application.objects.select_for_update().get(pk=held)
    # Asked again under the lock: a measure may have come in between.
    tied = readers_tied(Application.objects.filter(pk=held))
    access = tied.select_related("user").filter(pk=access_id).first()
    if access is None:
        return False
    names = ", ".join(each.name for each in conflicting_organisations(access.user, application))
    _declare(
        application, access.user, has_interest=True, origin=InterestOrigin.DATA, explanation=names, at=at
    )
    return True


@transaction.atomic(durable=True)
def record_measure(*, declaration_id: int, measure: str, actor: User, at: datetime) -> InterestDeclaration:
    """Record a measure of the chair, which grants access in spite of an interest, and the work that it took.

    A complete review counts again; one to write is given back while the application still lacks a reviewer. Where the
    chair has an interest in the application too, by a measure of the deputy.

    Raises ``NotAllowed`` for anybody else, and ``RuleViolation`` without an explanation or without an interest.
    """
    # The application first, as every act on it does.
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("call")
        .get(interest_declarations=declaration_id)
    )
    declaration = (
        InterestDeclaration.objects.select_for_update(of=("self",))
        .select_related("user")
        .get(pk=declaration_id)
    )
    if not declaration.has_interest or declaration.replaced_at is not None:
        raise RuleViolation(_("There is no interest on which to take a measure."))
    may_measure.check(actor, declaration)
    if not is_filled(measure):
        raise RuleViolation(_("Describe the measure."), field="measure")
    declaration.measure, declaration.measure_by, declaration.measure_at = measure, actor, at
    declaration.save(update_fields=["measure", "measure_by", "measure_at"])
    _grant_access(application.pk, declaration.user, at=at)
    _give_back(application, declaration.user)
    record(MEASURE_RECORDED, subject=declaration, actor=actor, at=at)
    return declaration


def _give_back(application: Application, user: User) -> None:
    """Give back an assignment that an interest took."""
    taken = Assignment.objects.filter(
        application=application, reviewer=user, ended_because=AssignmentEnd.INTEREST
    )
    for assignment in taken:
        if not can_go_on(application, assignment):
            continue
        take_up_again(assignment)
        if assignment.completed_at is not None:
            store_result(application)


def _declare(
    application: Application,
    user: User,
    *,
    has_interest: bool,
    origin: InterestOrigin,
    explanation: str,
    at: datetime,
) -> InterestDeclaration:
    counting = (
        application.interest_declarations.select_for_update().filter(user=user, replaced_at=None).first()
    )
    if counting is not None:
        says_the_same = not has_interest or counting.explanation == explanation
        if (counting.has_interest, counting.origin) == (has_interest, origin) and says_the_same:
            return counting
        if counting.has_interest and not has_interest:
            raise RuleViolation(_("A declared interest cannot be withdrawn. The chair can record a measure."))
        counting.replaced_at = at
        counting.save(update_fields=["replaced_at"])
    declaration = InterestDeclaration.objects.create(
        application=application,
        user=user,
        has_interest=has_interest,
        origin=origin,
        explanation=explanation if has_interest else "",
        declared_at=at,
    )
    if has_interest:
        _revoke_access(application, user, at=at)
    else:
        _grant_access(application.pk, user, at=at)
    record(
        INTEREST_DECLARED,
        subject=declaration,
        actor=user,
        at=at,
        facts={"has_interest": has_interest},
    )
    return declaration


def _grant_access(application_id: int, user: User, *, at: datetime) -> None:
    # Idempotent: granted already, or by a concurrent act.
    ReadingAccess.objects.bulk_create(
        [ReadingAccess(application_id=application_id, user=user, granted_at=at)], ignore_conflicts=True
    )


def _revoke_access(application: Application, user: User, *, at: datetime) -> None:
    ReadingAccess.objects.filter(application=application, user=user, revoked_at=None).update(revoked_at=at)
    for assignment in Assignment.objects.filter(application=application, reviewer=user, ended_at=None):
        end(assignment, because=AssignmentEnd.INTEREST, at=at)
        if assignment.completed_at is not None:
            # It counts no more, and a job looks for somebody else (rule 29).
            store_result(application)
            queue_review_out(assignment, at=at)
