"""Assigning regions to kwartiermakers."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.accounts.permissions import KWARTIERMAKERS
from hubportal.audit.domain.events import record
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import check_shown
from mapping.assignment_queries import assignment_of
from mapping.domain.assignment_mails import queue_assigned, queue_handed_over
from mapping.events import REGION_ASSIGNED, REGION_WITHDRAWN
from mapping.models import KwartiermakerAssignment
from mapping.permissions import may_assign_regions, may_hand_over
from regions.models import Region


def regions_in_short(regions: Iterable[int]) -> str:
    """Return regions as one text, which differs where they do."""
    return " ".join(map(str, sorted(regions)))


@transaction.atomic(durable=True)
def change_regions(
    *, user: User, regions: Collection[Region], actor: User, at: datetime, seen: str | None = None
) -> None:
    """Assign exactly these regions to a kwartiermaker, and mail them which are new. Idempotent.

    ``seen`` is ``regions_in_short`` of those that were shown. Raises ``NewerVersion`` when a colleague changed them since,
    ``NotAllowed`` unless the actor is an administrator, and ``RuleViolation`` unless the person is a
    kwartiermaker.
    """
    may_assign_regions.check(actor)
    # Locked until the transaction ends.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    held = {each.region: each for each in user.kwartiermaker_assignments.select_related("region")}
    if held.keys() != set(regions):
        check_shown(regions_in_short(each.pk for each in held), seen)
    if set(regions) - held.keys() and not KWARTIERMAKERS.includes(user):
        raise RuleViolation(_("Only a kwartiermaker can map a region. Give this person the role first."))
    added = [each for each in regions if each not in held]
    for region in added:
        _begin(user, region, actor=actor, at=at)
    for region, assignment in held.items():
        if region not in regions:
            _end(assignment, actor=actor, at=at)
    if added:
        queue_assigned(user, added, by=actor, at=at)


@transaction.atomic(durable=True)
def assign_region(
    *, region: Region, user: User, instead_of: User | None = None, actor: User, at: datetime
) -> None:
    """Assign a region to a kwartiermaker, perhaps in the place of somebody whose assignment ends. Idempotent.

    Administrators are told what somebody hands over. Raises ``NotAllowed`` unless the actor is an administrator, or hands over the own region, and ``RuleViolation`` unless the person
    is a kwartiermaker.
    """
    pair = {each.pk for each in (user, instead_of) if each is not None}
    # Locked until the transaction ends.
    list(User.objects.select_for_update(no_key=True).filter(pk__in=pair).order_by("pk"))
    ended = assignment_of(instead_of, region) if instead_of else None
    if ended is not None:
        may_hand_over.check(actor, ended)
    elif assignment_of(user, region) is None or instead_of is None:
        may_assign_regions.check(actor)
    if user == instead_of:
        raise RuleViolation(_("Choose somebody else."), field="user")
    if not KWARTIERMAKERS.includes(user):
        raise RuleViolation(_("Only a kwartiermaker can map a region. Give this person the role first."))
    if assignment_of(user, region) is None:
        _begin(user, region, actor=actor, at=at)
        queue_assigned(user, [region], by=actor, at=at)
    if ended is not None:
        _end(ended, actor=actor, at=at)
        if actor == instead_of:
            # Nobody agreed to it: whoever assigns regions is told, and can give it back.
            queue_handed_over(region, before=actor, after=user, at=at)


def _begin(user: User, region: Region, *, actor: User, at: datetime) -> None:
    KwartiermakerAssignment.objects.create(user=user, region=region, since_on=local_date(at))
    record(REGION_ASSIGNED, subject=region, actor=actor, at=at, facts={"user": user.pk})


def _end(assignment: KwartiermakerAssignment, *, actor: User, at: datetime) -> None:
    facts = {"user": assignment.user_id}
    assignment.delete()
    record(REGION_WITHDRAWN, subject=assignment.region, actor=actor, at=at, facts=facts)
