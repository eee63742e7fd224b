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
from mapping.events import REGION_ASSIGNED, REGION_WITHDRAWN
from mapping.models import KwartiermakerAssignment
from mapping.permissions import may_assign_regions
from regions.models import Region


def regions_in_short(regions: Iterable[int]) -> str:
    """Return regions as one text, which differs where they do."""
    return " ".join(map(str, sorted(regions)))


@transaction.atomic(durable=True)
def change_regions(
    *, user: User, regions: Collection[Region], actor: User, at: datetime, seen: str | None = None
) -> None:
    """Assign exactly these regions to a kwartiermaker. Idempotent.

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
    for region in regions:
        if region not in held:
            KwartiermakerAssignment.objects.create(user=user, region=region, since_on=local_date(at))
            record(REGION_ASSIGNED, subject=region, actor=actor, at=at, facts={"user": user.pk})
    for region, assignment in held.items():
        if region not in regions:
            assignment.delete()
            record(REGION_WITHDRAWN, subject=region, actor=actor, at=at, facts={"user": user.pk})
