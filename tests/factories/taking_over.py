"""Drafts whose account holder is gone, and who asks the office for them, by the portal's own acts."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F

from hubportal.accounts.models import User
from organisations.models import Representative
from takeovers.domain.asking import Proof, ask_for_dossier
from takeovers.domain.deciding import grant_takeover, refuse_takeover, state_of
from takeovers.domain.waiting import begin_wait
from takeovers.models import Takeover
from takeovers.queries import takeovers_to_warn_of
from tests.factories.moments import AT
from tests.factories.organisations import office, pending_for

if TYPE_CHECKING:
    from tests.factories.scenarios import Case

PROOF = "Ik werk hier sinds 2019; Jan vertrok in maart (fictief)."
# Once the wait of the call is over.
DECIDE_AT = AT + timedelta(days=7)
# How long after that who asked is told of what ended without the office.
TOLD_AFTER = timedelta(hours=30)
TELL_AT = DECIDE_AT + TOLD_AFTER


def claimant(case: "Case", **values: Any) -> User:
    """Return somebody who only says to speak for the lead."""
    return pending_for(case.lead, **{"full_name": "Nina Nieuw (fictief)", **values})


def claim_by(person: User) -> Representative:
    """Return what somebody says without being proved."""
    return Representative.objects.get(user=person, ended_at=None, proved_at=None)


def asked(
    case: "Case", person: User, *, at: datetime = AT, proof: Proof | None = None, region: Any = None
) -> Takeover:
    """Let somebody ask for the draft."""
    return ask_for_dossier(
        representative_id=claim_by(person).pk,
        region=region or case.coalition.region,
        proof=proof or Proof(PROOF),
        actor=person,
        at=at,
    )


def warned(case: "Case", person: User, *, at: datetime = AT, **values: Any) -> Takeover:
    """Let somebody ask for the draft, and everybody with a role be warned."""
    takeover = asked(case, person, at=at, **values)
    for each in takeovers_to_warn_of(at=at):
        begin_wait(takeover_id=each.pk, at=at)
    # Not at a moment that nobody can foresee.
    Takeover.objects.filter(tell_from_at__isnull=False).update(tell_from_at=F("decide_from_at") + TOLD_AFTER)
    takeover.refresh_from_db()
    return takeover


def granted(
    takeover: Takeover, *, actor: User | None = None, at: datetime = DECIDE_AT, **values: Any
) -> Takeover:
    """Let the office give the draft."""
    how = {"reason": "Gebeld (fictief).", "seen": state_of(takeover), **values}
    return grant_takeover(takeover_id=takeover.pk, actor=actor or office(), at=at, **how)


def refused(
    takeover: Takeover, *, actor: User | None = None, at: datetime = DECIDE_AT, **values: Any
) -> Takeover:
    """Let the office refuse it."""
    how = {"reason": "Onbekend (fictief).", "answer": "", "seen": state_of(takeover), **values}
    return refuse_takeover(takeover_id=takeover.pk, actor=actor or office(), at=at, **how)
