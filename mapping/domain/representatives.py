"""A kwartiermaker vouches for who speaks for an organisation of the region, or disputes it (rule 27)."""

from datetime import datetime

from django.db import transaction

from hubportal.accounts.models import User
from mapping.permissions import may_vouch
from organisations.domain.representing import dispute, is_vouched_for, locked_representative, prove
from organisations.enums import Proof, Standing
from organisations.models import Representative


@transaction.atomic(durable=True)
def confirm_as_kwartiermaker(*, representative_id: int, actor: User, at: datetime) -> Representative:
    """Vouch for somebody who says that they speak for an organisation of the region. Idempotent. Raises ``NotAllowed``."""
    representative = locked_representative(representative_id)
    if is_vouched_for(representative, by=actor):
        return representative
    may_vouch.check(actor, representative)
    return prove(representative, Proof.KWARTIERMAKER, actor=actor, at=at)


@transaction.atomic(durable=True)
def dispute_as_kwartiermaker(
    *, representative_id: int, reason: str, actor: User, at: datetime
) -> Representative:
    """Pass to the office that somebody may not speak for an organisation of the region. Idempotent.

    Raises ``NotAllowed``, and ``RuleViolation`` at ``reason`` without one.
    """
    representative = locked_representative(representative_id)
    if representative.standing == Standing.CONTESTED and representative.contested_by_id == actor.pk:
        return representative
    may_vouch.check(actor, representative)
    return dispute(representative, reason, actor=actor, at=at)
