"""A kwartiermaker tells the office whether somebody speaks for an organisation of the region (rule 27)."""

from datetime import datetime

from django.db import transaction

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from mapping.events import RECOMMENDED
from mapping.permissions import may_recommend
from organisations.domain.representing import dispute, given, locked_representative
from organisations.models import Recommendation


@transaction.atomic(durable=True)
def recommend_to_office(
    *, representative_id: int, is_right: bool, reason: str, actor: User, at: datetime
) -> Recommendation:
    """Tell the office, with a reason, that somebody does or does not speak for an organisation. Idempotent.

    It opens nothing: the office settles. What is said not to be right, no colleague confirms any more. Who says something
    else later is heard with that; nothing that the kwartiermaker is shown depends on what the portal knows (rule 26). Raises
    ``NotAllowed``, and ``RuleViolation`` at ``reason`` without one.
    """
    representative = locked_representative(representative_id)
    known = representative.recommendations.filter(given_by=actor).first()
    if known is not None and (known.is_right, known.reason) == (is_right, reason.strip()):
        return known
    may_recommend.check(actor, representative)
    said = {"is_right": is_right, "reason": given(reason), "given_at": at}
    word, _is_new = representative.recommendations.update_or_create(given_by=actor, defaults=said)
    if not is_right and representative.contested_at is None:
        dispute(representative, reason, actor=actor, at=at)
    facts = {"user": representative.user_id, "word": "right" if is_right else "wrong"}
    record(RECOMMENDED, subject=representative.organisation, actor=actor, at=at, facts=facts)
    return word
