"""Who asked for the draft of the world, and who was given it a while ago, for the pages about that."""

from datetime import datetime
from typing import Any

from hubportal.accounts.models import User
from organisations.models import Representative
from takeovers.domain.asking import Proof
from takeovers.enums import TakeoverState
from takeovers.models import Takeover
from tests.factories.documents import letter_pdf
from tests.factories.organisations import RepresentativeFactory, office, organisation_in
from tests.factories.taking_over import claimant, warned

ASKING = "Vera Vraagt (fictief)"


def ask_for_draft(draft: Any, *, at: datetime) -> None:
    """Let somebody ask for a draft, of which everybody with a role was warned, and keep that another was given it.

    Its owner says to speak for another organisation too, with which they could ask.
    """
    person = claimant(draft, full_name=ASKING, email="vera@vraagt.example")
    warned(draft, person, at=at, proof=Proof("Kanariebewijs van Vera.", "Bewijs", letter_pdf()))
    _given(draft, at=at)
    pending = {"proof": "", "proved_by": None, "proved_at": None}
    elsewhere = organisation_in(draft.coalition.region)
    RepresentativeFactory.create(user=draft.applicant, organisation=elsewhere, **pending)


def takeover_in(state: str) -> Takeover:
    """Return the request of the world in a state."""
    return Takeover.objects.get(state=state)


def word_of(owner: User) -> Representative:
    """Return with which word the owner could ask for another draft."""
    return Representative.objects.get(user=owner, proved_at=None)


def _given(draft: Any, *, at: datetime) -> None:
    """Keep that somebody was given it, who speaks for nobody any more."""
    gone: User = RepresentativeFactory.create(organisation=draft.lead, ended_at=at, ended_by=office()).user
    Takeover.objects.create(
        organisation=draft.lead,
        region=draft.coalition.region,
        asked_by=gone,
        asked_at=at,
        application_id=draft.pk,
        holder=draft.applicant,
        warned_at=at,
        decide_from_at=at.replace(year=at.year + 1),
        tell_from_at=at.replace(year=at.year + 1),
        state=TakeoverState.GRANTED,
        settled_at=at.replace(year=at.year + 1),
        settled_by=office(),
        reason="Gebeld (fictief).",
        told_at=at.replace(year=at.year + 1),
    )
