"""Ways to break what holds for who leads a coalition (rules 28 and 44)."""

from datetime import timedelta
from typing import Any

from applications.models import LeadOffer
from applications.models.lead_offer import OPEN_FOR
from tests.breaking import Breaks, force
from tests.factories.accounts import UserFactory
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for

breaks = Breaks()


def offer_of(case: Any, **values: Any) -> LeadOffer:
    """Keep an offer of the lead of an application to its partner."""
    at = case.submitted_at or AT
    how = {
        "coalition": case.coalition,
        "place": case.partners[0],
        "offered_by": UserFactory.create(),
        "contact": UserFactory.create(),
        "offered_at": at,
        "lapses_at": at + OPEN_FOR,
    }
    return LeadOffer.objects.create(**{**how, **values})


def accepted(case: Any, **values: Any) -> LeadOffer:
    """Keep one that was accepted by who speaks for the partner."""
    at = (case.submitted_at or AT) + timedelta(hours=1)
    how = {"state": "accepted", "settled_at": at}
    if "settled_by" not in values:
        values["settled_by"] = speaker_for(case.partners[0].organisation)
    return offer_of(case, **{**how, **values})


@breaks(44, "is led by whom nobody offered it")
def lead_without_an_offer(world):
    return force(world.draft.coalition, lead_taken_at=AT, lead_named_at=AT)


@breaks(44, "keeps consents that were given to another lead")
def lead_that_keeps_consents(world):
    lead = world.draft.coalition.participations.get(is_lead=True)
    offer = accepted(world.draft, place=lead, settled_by=world.draft.applicant)
    return force(world.draft.coalition, lead_taken_at=offer.settled_at, lead_named_at=None)


@breaks(44, "was accepted by somebody of whom it was not proved that they speak for the organisation")
def lead_taken_by_somebody(world):
    return accepted(world.draft, settled_by=UserFactory.create())


@breaks(28, "was accepted through the mailbox of the other side")
def lead_handed_to_oneself(world):
    taker = speaker_for(world.draft.partners[0].organisation, email="een@kant.example")
    return accepted(world.draft, settled_by=taker, offered_by=UserFactory.create(email="een+2@kant.example"))


@breaks(44, "moved the lead of what was submitted")
def lead_moved_after_submission(world):
    return accepted(world.submitted)


@breaks(44, "is to a partner of another coalition")
def lead_offered_elsewhere(world):
    return offer_of(world.draft, place=world.submitted.partners[0])


@breaks(44, "is an offer of the lead of what is no draft any more")
def lead_offered_of_what_was_submitted(world):
    return offer_of(world.submitted)
