"""Ties between organisations, and ending them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from mapping.enums import TieKind
from mapping.events import TIED, UNTIED
from mapping.models import Tie
from mapping.permissions import may_edit, may_map, may_take
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region


@transaction.atomic(durable=True)
def tie_organisations(
    *, one_id: int, other_id: int, kind: TieKind, region: Region, actor: User, at: datetime
) -> Tie:
    """Write down what joins an organisation of the map to another one that the actor may know of. Idempotent.

    Raises ``NotAllowed``, ``DoesNotExist`` for who is not on the map, and ``RuleViolation`` for itself, or for a second one
    that it is part of.
    """
    one, other = _on_map(one_id, region, actor), Organisation.objects.get(pk=other_id)
    may_take.check(actor, other)
    if one == other:
        raise RuleViolation(_("Choose another organisation than this one."), field="other")
    known = Tie.objects.filter(one=one, kind=kind)
    if earlier := known.filter(other=other).first():
        return earlier
    if kind == TieKind.PART_OF and known.exists():
        raise RuleViolation(
            _("It is part of another organisation already. End that tie first."), field="kind"
        )
    tie = Tie.objects.create(one=one, other=other, kind=kind, created_by=actor, created_at=at)
    record(TIED, subject=one, actor=actor, at=at, facts={"organisation": other.pk, "kind": kind.value})
    return tie


@transaction.atomic(durable=True)
def end_tie(*, organisation_id: int, tie_id: int, region: Region, actor: User, at: datetime) -> None:
    """End a tie of an organisation of the map. Idempotent. Raises ``NotAllowed``, and ``DoesNotExist`` for who is not on the map."""
    one = _on_map(organisation_id, region, actor)
    tie = Tie.objects.filter(pk=tie_id, one=one).first()
    if tie is None:
        return
    tie.delete()
    facts = {"organisation": tie.other_id, "kind": tie.kind}
    record(UNTIED, subject=one, actor=actor, at=at, facts=facts)


def _on_map(organisation_id: int, region: Region, actor: User) -> Organisation:
    may_map.check(actor, region)
    listed = organisations_in(region).order_by().values("pk")
    one = Organisation.objects.select_for_update().get(pk=organisation_id, pk__in=listed)
    may_edit.check(actor, one)
    return one
