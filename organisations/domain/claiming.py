"""Speaking for an organisation."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from organisations.domain.organisations import OrganisationFacts, check_legal_person, find_or_add
from organisations.events import CLAIMED
from organisations.models import Organisation, Representative


class AlreadyRepresented(RuleViolation):
    """Another person represents this organisation already."""


@transaction.atomic(durable=True)
def claim_organisation(*, facts: OrganisationFacts, actor: User, at: datetime) -> Organisation:
    """Register a person as representative of the organisation with this KvK number, adding it when it is new.

    An organisation on the map without a representative keeps its facts. Raises ``NotALegalPerson``, and
    ``AlreadyRepresented`` if somebody else represents it.
    """
    check_legal_person(facts)
    organisation = find_or_add(facts, actor=actor, at=at)
    if organisation.representatives.filter(user=actor).exists():
        return organisation
    if organisation.representatives.exists():
        raise AlreadyRepresented(
            _(
                "This organisation is already in the portal. Ask the colleague who registered it, "
                "or ask us through the contact page."
            ),
            field="kvk_number",
        )
    Representative.objects.create(organisation=organisation, user=actor, since_at=at)
    record(CLAIMED, subject=organisation, actor=actor, at=at)
    return organisation
