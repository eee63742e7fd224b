"""Assigning regions to kwartiermakers."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.accounts.permissions import KWARTIERMAKERS
from hubportal.audit.domain.events import record
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import RuleViolation
from mapping.events import REGION_ASSIGNED, REGION_WITHDRAWN
from mapping.models import KwartiermakerAssignment
from mapping.permissions import may_assign_regions
from regions.models import Region


@transaction.atomic
def assign_region(*, user: User, region: Region, actor: User, at: datetime) -> KwartiermakerAssignment:
    """Let a kwartiermaker map a region; a second time changes nothing.

    Raises ``NotAllowed`` for an actor who is no administrator, and ``RuleViolation`` for somebody who is no
    kwartiermaker.
    """
    may_assign_regions.check(actor)
    if not KWARTIERMAKERS.includes(user):
        raise RuleViolation(_("Only a kwartiermaker can map a region. Give this person the role first."))
    assignment, is_new = KwartiermakerAssignment.objects.get_or_create(
        user=user, region=region, defaults={"since_on": local_date(at)}
    )
    if is_new:
        record(REGION_ASSIGNED, subject=region, actor=actor, at=at, facts={"user": user.pk})
    return assignment


@transaction.atomic
def withdraw_region(*, user: User, region: Region, actor: User, at: datetime) -> None:
    """Take a region from a kwartiermaker; without the assignment nothing changes. Raises ``NotAllowed``."""
    may_assign_regions.check(actor)
    gone, _rows = KwartiermakerAssignment.objects.filter(user=user, region=region).delete()
    if gone:
        record(REGION_WITHDRAWN, subject=region, actor=actor, at=at, facts={"user": user.pk})
