"""Handing the lead of a coalition over."""

from typing import Any

from applications.domain.offering_lead import offer_lead
from applications.domain.taking_lead import accept_lead
from applications.models import LeadOffer
from applications.queries.lead_offers import acceptable_from
from hubportal.accounts.models import User
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for


def offered(case: Any, **values: Any) -> LeadOffer:
    """Offer the lead of a draft to its first partner, by who applies."""
    how = {
        "application_id": case.pk,
        "participation_id": case.partners[0].pk,
        "contact_id": case.applicant.pk,
        "actor": case.applicant,
        "at": AT,
    }
    return offer_lead(**{**how, **values})


def taken(case: Any, **values: Any) -> User:
    """Let the first partner of a draft take its lead, and return who did that for it."""
    taker = speaker_for(case.partners[0].organisation)
    offer = offered(case, **values)
    accept_lead(key=offer.key, actor=taker, at=acceptable_from(offer))
    return taker
