"""Playing what the office asks to complete of an application, and what comes of it (rule 42)."""

from datetime import datetime, timedelta

from applications.models import Application
from completions.domain.answering import digest_of, save_answers, send_completion
from completions.domain.asking import RequestAsTyped, ask_to_complete, save_request
from completions.queries import request_about
from hubportal.accounts.models import User
from hubportal.kernel.clock import local_date
from reviews.domain.interests import declare_interest

_TWO_WEEKS = timedelta(days=14)
_POINTS = (
    ("+budget", "Waarvoor is de bedachte post “zaalhuur”? Hoeveel bijeenkomsten zijn er?"),
    ("", "Wie neemt in de bedachte coalitie de besluiten?"),
)
_ANSWERS = {
    1: "Voor vier bedachte bijeenkomsten in een buurthuis.",
    2: "Een stuurgroep van alle partijen, met ieder één stem (fictief).",
}


def ask_for_more(application: Application, officer: User, *, at: datetime) -> None:
    """Let the officer declare, and ask to complete an application, within two weeks."""
    typed = RequestAsTyped(
        "Wij hebben uw aanvraag gelezen en missen nog twee dingen (fictief).",
        local_date(at + _TWO_WEEKS),
        _POINTS,
    )
    declare_interest(application_id=application.pk, has_interest=False, explanation="", actor=officer, at=at)
    reference = application.reference
    draft = save_request(reference=reference, typed=typed, seen_version=0, actor=officer, at=at)
    ask_to_complete(reference=reference, seen_version=draft.version, actor=officer, at=at)


def complete_it(application: Application, applicant: User, *, at: datetime) -> None:
    """Let an applicant answer what was asked, and send it."""
    reference = application.reference
    save_answers(reference=reference, answers=_ANSWERS, seen_version=0, actor=applicant, at=at)
    written = request_about(application)
    assert written is not None  # it was asked
    send_completion(reference=reference, seen=digest_of(written), actor=applicant, at=at)
