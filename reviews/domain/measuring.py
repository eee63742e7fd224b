"""What the chair, and the deputy for the chair, record on interests (rules 14 and 29)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import is_filled
from hubportal.kernel.versions import NewerVersion, check_did_it_oneself
from reviews.domain.ending import can_go_on, take_up_again
from reviews.domain.interests import grant_access
from reviews.domain.results import store_result
from reviews.enums import AssignmentEnd
from reviews.events import INTEREST_PUT_ASIDE, MEASURE_RECORDED
from reviews.models import Assignment, CoveredTie, InterestDeclaration
from reviews.permissions import may_measure
from reviews.queries import carries_advice
from reviews.ties import Tie, ties_in_short, ties_of


@transaction.atomic(durable=True)
def record_measure(
    *, declaration_id: int, measure: str, actor: User, at: datetime, seen_ties: str | None = None
) -> InterestDeclaration:
    """Record a measure of the chair, which grants access in spite of an interest, and the work that it took. Idempotent.

    It covers the ties that follow from data now; one that comes later closes the application again (rule 29).
    ``seen_ties`` is ``ties_in_short`` of those that were shown, if any were. A complete review counts again; one to write is given back while the application still lacks a reviewer. Where the
    chair has an interest in the application too, by a measure of the deputy.

    Raises ``NotAllowed`` for anybody else, ``NewerVersion`` when there is another tie than was shown, and
    ``RuleViolation`` without an explanation or without an interest.
    """
    application, declaration = _locked_interest(declaration_id)
    may_measure.check(actor, declaration)
    if not is_filled(measure):
        raise RuleViolation(_("Describe the measure."), field="measure")
    found = ties_of(declaration.user, application)
    _check_ties(found, seen_ties)
    if _stands(declaration, measure, actor, found):
        return declaration
    declaration.measure, declaration.measure_by, declaration.measure_at = measure, actor, at
    declaration.save(update_fields=["measure", "measure_by", "measure_at"])
    # Anew: an earlier measure on the same interest may have covered less.
    declaration.covered_ties.all().delete()
    CoveredTie.objects.bulk_create(
        CoveredTie(
            declaration=declaration,
            organisation_id=each.organisation,
            kind=each.kind,
            rival_id=each.rival,
        )
        for each in found
    )
    grant_access(application.pk, declaration.user, at=at)
    _give_back(application, declaration.user)
    record(MEASURE_RECORDED, subject=declaration, actor=actor, at=at)
    return declaration


@transaction.atomic(durable=True)
def put_interest_aside(
    *, declaration_id: int, reason: str, actor: User, at: datetime, seen_ties: str | None = None
) -> InterestDeclaration:
    """Note that an interest needs nothing: it stays closed, and no longer waits for the chair. Idempotent.

    A measure can still be recorded on it. ``seen_ties`` as in ``record_measure``. Raises ``NotAllowed`` unless the actor
    could record one, ``NewerVersion`` when there is another tie than was shown, ``SomebodyWasFirst``, and ``RuleViolation`` without a reason, without an interest that waits, or
    while the advice rests on what the person did.
    """
    application, declaration = _locked_interest(declaration_id)
    may_measure.check(actor, declaration)
    if declaration.put_aside_by is not None:
        check_did_it_oneself(declaration.put_aside_by, actor)
        return declaration
    if declaration.measure:
        raise RuleViolation(_("A measure has been recorded on this interest."))
    if carries_advice(application, declaration.user):
        raise RuleViolation(
            _(
                "The advice or the decision rests on what this person did, so the letter does not go out. Record a measure, or let it be "
                "done anew before a letter is released."
            ),
            field="reason",
        )
    if not is_filled(reason):
        raise RuleViolation(_("Write down why."), field="reason")
    _check_ties(ties_of(declaration.user, application), seen_ties)
    declaration.put_aside_because, declaration.put_aside_by, declaration.put_aside_at = reason, actor, at
    declaration.save(update_fields=["put_aside_because", "put_aside_by", "put_aside_at"])
    record(INTEREST_PUT_ASIDE, subject=declaration, actor=actor, at=at)
    return declaration


def _stands(declaration: InterestDeclaration, measure: str, actor: User, found: Collection[Tie]) -> bool:
    """Return whether somebody recorded just this already, for the ties that there are."""
    covered = set(declaration.covered_ties.values_list("organisation", "kind", "rival"))
    return (declaration.measure, declaration.measure_by) == (measure, actor) and covered == {
        (each.organisation, each.kind, each.rival) for each in found
    }


def _check_ties(found: Collection[Tie], seen: str | None) -> None:
    """Raise ``NewerVersion`` when there are other ties than were shown."""
    if seen is not None and ties_in_short(found) != seen:
        raise NewerVersion(
            _(
                "This person's ties changed after you opened the page, so nothing has been recorded. Look again."
            )
        )


def _locked_interest(declaration_id: int) -> tuple[Application, InterestDeclaration]:
    """Lock an application and an interest in it. Raises ``RuleViolation`` where there is no interest that counts."""
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
    return application, declaration


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
