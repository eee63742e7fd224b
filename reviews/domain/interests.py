"""Declaring interests, and what opens and closes reading (rule 14; Awb 2:4)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application, ReadingAccess
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import is_filled
from organisations.models import Organisation
from organisations.queries import with_kvk_number
from regions.names import sort_name
from reviews.domain.ending import end
from reviews.domain.mails import queue_review_out
from reviews.domain.own_interest import check_no_own_interest
from reviews.domain.results import store_result
from reviews.enums import AffiliationKind, AssignmentEnd, InterestOrigin, TieKind
from reviews.events import (
    AFFILIATION_ENDED,
    AFFILIATION_NOTED,
    INTEREST_DECLARED,
)
from reviews.interest_queries import interests_of_other_accounts
from reviews.models import Affiliation, Assignment, InterestDeclaration
from reviews.permissions import may_declare, may_end_position, may_note_positions
from reviews.ties import Tie, assignments_tied, readers_tied, ties_of, uncovered


@transaction.atomic(durable=True)
def declare_interest(
    *, application_id: int, has_interest: bool, explanation: str, actor: User, at: datetime
) -> InterestDeclaration:
    """Record a person's declaration on one application, and grant or revoke reading access accordingly.

    A tie by employer, board seat, representation or mailbox to the application is an interest, also if none is
    declared; so is what another account of the mailbox declared. Raises
    ``NotAllowed`` unless the person assesses applications, and ``RuleViolation`` for an interest without an
    explanation, or for taking back an interest on which a measure was recorded.
    """
    _lock_interests_of(actor)
    application = Application.objects.select_for_update().get(pk=application_id)
    may_declare.check(actor, application)
    found = ties_of(actor, application)
    if found:
        has_interest, origin = True, InterestOrigin.DATA
        explanation = explanation or _explained(application, found)
    elif interests_of_other_accounts(actor, application).exists():
        # What was declared there is not told: two people may share a mailbox (rule 28).
        has_interest, origin = True, InterestOrigin.DATA
        explanation = explanation or str(_("another account of this mailbox, which declared an interest"))
    else:
        origin = InterestOrigin.DECLARED
    if has_interest and not is_filled(explanation):
        raise RuleViolation(_("Explain briefly what your interest is."), field="explanation")
    return _declare(
        application, actor, has_interest=has_interest, origin=origin, explanation=explanation, at=at
    )


def _explained(application: Application, found: Collection[Tie]) -> str:
    """Return what an interest that follows from data is: of a rival not in which application they take part (rule 26)."""
    names = _names_in(application, {each.organisation for each in found if each.kind != TieKind.RIVAL})
    is_rival = any(each.kind == TieKind.RIVAL for each in found)
    return ", ".join(filter(None, (names, str(TieKind.RIVAL.label) if is_rival else "")))


def _names_in(application: Application, organisations: Collection[int]) -> str:
    """Return the organisations as the application names them: what else the portal calls them is not told (rule 26)."""
    places = application.coalition.participations.filter(organisation__in=organisations)
    return ", ".join(places.order_by("pk").values_list("stated_name", flat=True))


@transaction.atomic(durable=True)
def note_affiliation(
    *,
    user: User,
    kind: AffiliationKind,
    actor: User,
    at: datetime,
    organisation: Organisation | None = None,
    kvk_number: str = "",
    name: str = "",
    country: str = "",
) -> Affiliation:
    """Record an employer or board seat, and revoke access on the conflicts of interest that it causes. Idempotent.

    By an organisation of the portal, or by number and name: then it ties the person once the portal knows an
    organisation of that number (rule 29). Abroad, without a number, by name and country: it ties to every organisation of
    that name. People record their own positions; administrators anybody's. Raises ``NotAllowed``, and ``RuleViolation``
    without a name, or without either number or country.
    """
    may_note_positions.check(actor, user)
    _lock_interests_of(user)
    if organisation is None:
        check_named(kvk_number, name, country)
    place = _place_of(organisation, kvk_number, name, country)
    affiliation = Affiliation.objects.filter(_same(place), user=user, kind=kind, ended_at=None).first()
    if affiliation is None:
        affiliation = Affiliation.objects.create(**place, user=user, kind=kind, noted_at=at)
        record(AFFILIATION_NOTED, subject=affiliation, actor=actor, at=at)
    places = _known_at(affiliation)
    check_no_own_interest(actor, user, places)
    for each in places:
        _close_applications_of(each, user, at=at)
    return affiliation


def _known_at(affiliation: Affiliation) -> list[Organisation]:
    """Return the organisations of the portal at which a position is."""
    if affiliation.sort_name:
        stated = Q(participations__stated_sort_name=affiliation.sort_name)
        return list(Organisation.objects.filter(Q(sort_name=affiliation.sort_name) | stated).distinct())
    return [affiliation.organisation] if affiliation.organisation else []


def _place_of(organisation: Organisation | None, kvk_number: str, name: str, country: str) -> dict[str, Any]:
    """Return the organisation of a position as its row keeps it."""
    if organisation is not None:
        kvk_number, name = organisation.kvk_number, organisation.name
    elif kvk_number:
        organisation = with_kvk_number(kvk_number).first()
    place = {"organisation": organisation, "kvk_number": kvk_number, "name": name}
    if organisation is None and not kvk_number:
        return {**place, "country": country.strip(), "sort_name": sort_name(name)}
    return {**place, "country": "", "sort_name": ""}


def _same(place: dict[str, Any]) -> Q:
    for field in ("kvk_number", "sort_name"):
        if place[field]:
            return Q(**{field: place[field]})
    return Q(organisation=place["organisation"])


def check_named(kvk_number: str, name: str, country: str) -> None:
    """Raise ``RuleViolation``, at its field, for a position of which number and country, or the name, lack."""
    if not kvk_number and not is_filled(country):
        raise RuleViolation(
            _("Fill in the KvK number. Is the organisation abroad, without one? Then fill in the country."),
            field="kvk_number",
        )
    if not is_filled(name) or not sort_name(name):
        raise RuleViolation(_("Fill in the name of the organisation."), field="name")


def _close_applications_of(organisation: Organisation, user: User, *, at: datetime) -> None:
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
            explanation=_names_in(application, [organisation.pk]),
            at=at,
        )


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

    A person may come to represent an organisation after declaring no interest. A measure that covers all ties there
    are keeps access. Idempotent.
    """
    held = ReadingAccess.objects.values_list("application_id", flat=True).get(pk=access_id)
    application = Application.objects.select_for_update().get(pk=held)
    # Asked again under the lock: a measure may have come in between.
    tied = readers_tied(Application.objects.filter(pk=held))
    access = tied.select_related("user").filter(pk=access_id).first()
    if access is None:
        return False
    _declare_tie(application, access.user, at=at)
    return True


@transaction.atomic(durable=True)
def give_back_on_conflict(*, assignment_id: int, at: datetime) -> bool:
    """Give an assignment back of who came to be tied before they declared anything; ``False`` if there is no tie. Idempotent (rule 15)."""
    held = Assignment.objects.values_list("application_id", flat=True).get(pk=assignment_id)
    application = Application.objects.select_for_update().get(pk=held)
    tied = assignments_tied(Application.objects.filter(pk=held)).select_related("reviewer")
    assignment = tied.filter(pk=assignment_id).first()
    if assignment is None:
        return False
    _declare_tie(application, assignment.reviewer, at=at)
    return True


def _declare_tie(application: Application, user: User, *, at: datetime) -> None:
    explanation = _explained(application, ties_of(user, application))
    _declare(application, user, has_interest=True, origin=InterestOrigin.DATA, explanation=explanation, at=at)


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
        same = (counting.has_interest, counting.origin) == (has_interest, origin)
        if same and (not has_interest or _tells_nothing_new(counting, explanation)):
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
        _close_to(application, user, at=at)
    else:
        grant_access(application.pk, user, at=at)
    record(
        INTEREST_DECLARED,
        subject=declaration,
        actor=user,
        at=at,
        facts={"has_interest": has_interest},
    )
    return declaration


def _tells_nothing_new(counting: InterestDeclaration, explanation: str) -> bool:
    """Tell whether an interest that counts already says this, and a measure on it covers every tie there is."""
    if counting.explanation != explanation:
        return False
    return not counting.measure or not uncovered(ties_of(counting.user, counting.application))


def grant_access(application_id: int, user: User, *, at: datetime) -> None:
    """Let a person read an application, within the act that allows it."""
    # Idempotent: granted already, or by a concurrent act.
    ReadingAccess.objects.bulk_create(
        [ReadingAccess(application_id=application_id, user=user, granted_at=at)], ignore_conflicts=True
    )


def revoke_access(application: Application, user: User, *, at: datetime) -> None:
    """Let a person read an application no more, within the act that ends it. Idempotent."""
    ReadingAccess.objects.filter(application=application, user=user, revoked_at=None).update(revoked_at=at)


def _close_to(application: Application, user: User, *, at: datetime) -> None:
    revoke_access(application, user, at=at)
    for assignment in Assignment.objects.filter(application=application, reviewer=user, ended_at=None):
        end(assignment, because=AssignmentEnd.INTEREST, at=at)
        if assignment.completed_at is not None:
            # It counts no more, and a job looks for somebody else (rule 29).
            store_result(application)
            queue_review_out(assignment, at=at)
