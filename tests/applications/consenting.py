"""Asking partners for consent, and answering."""

from datetime import timedelta
from typing import Any

from applications.domain.consent_states import consent_states
from applications.domain.consents import answer_by_link, ask_consent
from applications.domain.content import reading_digest
from applications.domain.snapshot import snapshot_of
from applications.enums import ConsentAnswer
from applications.models import Consent, OneTimeLink
from tests.factories.moments import AT
from tests.factories.scenarios import (
    mailed_link,
)

HOUR = timedelta(hours=1)


def ask(case: Any, partner: Any = None, *, at: Any = AT) -> OneTimeLink:
    """Ask a partner for consent, and return the link that was mailed."""
    partner = partner or case.partners[0]
    ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=at)
    return mailed_link(partner.contact_email)


def answer(case: Any, link: OneTimeLink, **values: Any) -> Consent:
    """Answer through a link, as somebody who read the application as it is now."""
    case.refresh_from_db()
    defaults = {
        "link": link,
        "answer": ConsentAnswer.GIVEN,
        "reason": "",
        "given_by_name": "Bo",
        "seen_digest": reading_digest(snapshot_of(case)),
        "signed_in_as": None,
        "at": AT + HOUR,
    }
    return answer_by_link(**{**defaults, **values})


def states(case: Any) -> list[tuple[bool, bool]]:
    """Return of each partner whether its consent counts and whether it is stale."""
    case.refresh_from_db()
    return [(each.is_valid, each.is_stale) for each in consent_states(snapshot_of(case))]
