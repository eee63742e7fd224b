"""The partners of a draft: how it stands with their consent, and asking for it."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.domain import consents
from applications.domain.consents import ConsentState, consent_states
from applications.domain.snapshot import snapshot_of
from applications.models import Application, OneTimeLink
from applications.views.opening import draft_page
from applications.views.standing import in_words
from applications.views.steps import draft_response
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest


@dataclass(frozen=True)
class PartnerRow:
    """A partner with a badge and a sentence about its consent."""

    state: ConsentState
    kind: str
    label: str
    sentence: str
    button: str

    @property
    def participation_id(self) -> int:
        """Return which partner it is."""
        return self.state.participation.pk


@require_safe
@draft_page
def partners(request: SignedInRequest, application: Application) -> HttpResponse:
    """Show how it stands with each partner's consent."""
    snapshot = snapshot_of(application)
    rows = [_row(each, at=request.received_at) for each in consent_states(snapshot)]
    return draft_response(request, "applications/partners.html", snapshot, "partners", rows=rows)


@require_POST
@draft_page
def ask_consent(request: SignedInRequest, application: Application, participation_id: int) -> HttpResponse:
    """Mail a partner the question for consent; the last link is the one that works."""
    partner = get_object_or_404(application.coalition.participations, pk=participation_id, is_lead=False)
    try:
        link = consents.ask_consent(
            application_id=application.pk,
            participation_id=partner.pk,
            actor=request.user,
            at=request.received_at,
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("The question is on its way to %(name)s, %(email)s.")
            % {"name": link.name, "email": link.email},
        )
    return redirect("applications:partners", application.reference)


def _row(state: ConsentState, *, at: datetime) -> PartnerRow:
    again = _("Ask again")
    answer, link = state.answer, state.link
    if state.is_valid and answer is not None:
        sentence = _("%(name)s agreed on %(moment)s.") % _given(state)
        return PartnerRow(state, "ok", _("Agrees"), sentence, "")
    if link is not None:
        return _asked(state, link, at=at)
    if answer is not None and state.is_stale:
        sentence = _(
            "%(name)s answered on %(moment)s, but the text or the share changed after that. Ask again."
        )
        return PartnerRow(state, "warning", _("Has to agree again"), sentence % _given(state), again)
    if answer is not None:
        sentence = _("%(name)s does not agree, and says why: %(reason)s") % _given(state)
        return PartnerRow(state, "error", _("Does not agree"), sentence, again)
    sentence = _("This partner was not asked yet. Do so when the text and the budget are ready.")
    return PartnerRow(state, "neutral", _("Not asked yet"), sentence, _("Ask for consent"))


def _asked(state: ConsentState, link: OneTimeLink, *, at: datetime) -> PartnerRow:
    again = _("Ask again")
    if state.is_asked(at=at):
        sentence = _("We mailed %(email)s on %(asked)s. The link works until %(until)s.") % {
            "email": link.email,
            "asked": in_words(link.asked_at),
            "until": in_words(link.expires_at),
        }
        return PartnerRow(state, "info", _("Asked, no answer yet"), sentence, again)
    if at >= link.expires_at:
        sentence = _("Nobody answered in time. Ask again.")
        return PartnerRow(state, "warning", _("Link expired"), sentence, again)
    sentence = _("We mailed %(email)s, who no longer answers for this partner. Ask again.")
    return PartnerRow(
        state, "warning", _("Asked at another address"), sentence % {"email": link.email}, again
    )


def _given(state: ConsentState) -> dict[str, str]:
    answer = state.answer
    assert answer is not None
    return {
        "name": answer.given_by_name,
        "moment": in_words(answer.answered_at),
        "reason": answer.reason,
    }
