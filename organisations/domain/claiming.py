"""Saying that one speaks for an organisation."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from organisations.domain.organisations import OrganisationFacts, check_legal_person, find_or_add
from organisations.domain.representing import ask_colleagues
from organisations.events import CLAIMED
from organisations.models import Representative
from organisations.queries import pending_representatives

# Each of these may mail the people of an organisation, and waits for somebody to look at it.
MAX_PENDING = 5


class TooManyPending(RuleViolation):
    """Somebody said that they speak for more organisations than can be checked at once."""


@transaction.atomic(durable=True)
def claim_organisation(*, facts: OrganisationFacts, actor: User, at: datetime) -> Representative:
    """Say that one speaks for the organisation with this KvK number, adding it when it is new. Idempotent.

    It is pending: nothing opens before somebody who may has vouched for the person (rule 27); colleagues who speak for
    the organisation are mailed. An organisation that is known keeps its facts. Raises ``NotALegalPerson`` and
    ``TooManyPending``.
    """
    check_legal_person(facts)
    organisation = find_or_add(facts, actor=actor, at=at)
    known = organisation.representatives.filter(user=actor, ended_at=None).first()
    if known is not None:
        return known
    if pending_representatives().filter(user=actor).count() >= MAX_PENDING:
        raise TooManyPending(
            _(
                "We are still checking %(count)d organisations for you. You can add another one once we "
                "have finished."
            )
            % {"count": MAX_PENDING},
            field="kvk_number",
        )
    representative = Representative.objects.create(organisation=organisation, user=actor, since_at=at)
    ask_colleagues(representative, at=at)
    record(CLAIMED, subject=organisation, actor=actor, at=at)
    return representative
