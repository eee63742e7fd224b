"""A person whose consent or signature is asked: its state in words, and the buttons for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from applications.domain.consent_states import ConsentState
from applications.domain.links import is_alive, is_within_cool_down
from applications.domain.signing import SigningState
from applications.models import Application, Consent, OneTimeLink
from applications.views.status_wording import day_and_time
from hubportal.kernel.languages import dutch

# Kinds and addresses of mails that came back, each with when.
Returned = Mapping[tuple[str, str], datetime]


@dataclass(frozen=True)
class AnswerState:
    """The state of an answer: a badge, a sentence, and the button that asks for it (again) by mail."""

    kind: str
    label: str
    sentence: str
    button: str = ""
    # Shown instead of the button during the resend cool-down.
    cooling_down: str = ""


@dataclass(frozen=True)
class Asked:
    """Who is asked for what, at which address, in which state; rendered by ``parts/asked.html``."""

    title: str
    name: str
    email: str
    state: AnswerState
    ask_url: str = ""
    change_url: str = ""
    remove_url: str = ""
    sign_url: str = ""
    # Where what changed since an answer is shown; empty while the answer counts, or there is none.
    changes_url: str = ""

    @property
    def is_first_step(self) -> bool:
        """Tell whether asking is the next step."""
        return self.state.kind == "neutral"


def asked_to_consent(
    application: Application, state: ConsentState, *, at: datetime, next_url: str, returned: Returned
) -> Asked:
    """Return a partner with the state of its consent (rules 8 and 9); ``returned`` as ``came_back`` gives it."""
    partner = state.participation
    return Asked(
        title=dutch(partner.stated_name),
        name=partner.contact_name,
        email=partner.contact_email,
        state=_of_mail(_of_consent(state, at=at), state.link, "consent_request", returned),
        ask_url=reverse("applications:ask_consent", args=[application.reference, partner.pk]),
        change_url=reverse(
            "coalitions:change_contact", args=[application.coalition_id, partner.pk], query={"next": next_url}
        ),
        remove_url=reverse("applications:remove_partner", args=[application.reference, partner.pk]),
        changes_url=reverse("applications:consent_changes", args=[application.reference, partner.pk])
        if state.is_stale
        else "",
    )


def asked_to_sign(
    application: Application,
    state: SigningState,
    *,
    at: datetime,
    can_be_asked: bool,
    signs_here: bool,
    returned: Returned,
) -> Asked:
    """Return who signs the declaration in a role, with the state of the signature (rule 10)."""
    shown = _of_mail(_of_signature(state, at=at), state.link, "signature_request", returned)
    if not can_be_asked:
        shown = replace(shown, button="", cooling_down="")
    address = [application.reference, state.role.value]
    return Asked(
        title=str(capfirst(state.role.label)),
        name=state.name,
        email=state.email,
        state=shown,
        ask_url=reverse("applications:ask_signature", args=address),
        sign_url=reverse("applications:sign_account", args=address)
        if signs_here and state.signature is None
        else "",
    )


def _of_mail(shown: AnswerState, link: OneTimeLink | None, kind: str, returned: Returned) -> AnswerState:
    """Return the state, or that the mail which asked came back, while nobody answered (rule 34)."""
    back = returned.get((kind, link.email)) if link is not None and shown.kind != "ok" else None
    if link is None or back is None or back < link.asked_at:
        return shown
    sentence = _(
        "Our e-mail to %(email)s came back on %(moment)s, so it did not arrive. Check the address, and ask again."
    ) % {"email": link.email, "moment": day_and_time(back)}
    return replace(shown, kind="error", label=_("E-mail came back"), sentence=sentence)


def _of_consent(state: ConsentState, *, at: datetime) -> AnswerState:
    answer, again = state.answer, _("Ask again")
    if state.is_valid and answer is not None:
        return AnswerState("ok", _("Agrees"), _("%(name)s agreed on %(moment)s.") % _given(answer))
    if state.link is not None:
        return _of_link(state.link, again, at=at)
    if answer is not None and state.is_by_other:
        return AnswerState("warning", _("Must agree again"), _of_another(state) % _given(answer), again)
    if answer is not None and state.is_stale and not state.is_declined:
        sentence = _(
            "%(name)s answered on %(moment)s, but the text, an attachment or the share has changed since then. Ask again."
        )
        return AnswerState("warning", _("Must agree again"), sentence % _given(answer), again)
    if answer is not None:
        sentence = (
            _(
                "%(name)s, who was confirmed as representative, does not agree. Only such a person can say yes after that. The reason: %(reason)s"
            )
            if answer.spoke  # type: ignore[attr-defined]
            else _("%(name)s does not agree and gives this reason: %(reason)s")
        )
        return AnswerState("error", _("Does not agree"), sentence % _given(answer), again)
    sentence = _("This partner has not been asked yet. Ask once the text and the budget are ready.")
    return AnswerState("neutral", _("Not asked yet"), sentence, _("Ask for consent"))


def _of_another(state: ConsentState) -> str:
    if state.is_of_ended:
        return _(
            "%(name)s answered on %(moment)s, but a colleague or the programme office noted later that they do not speak for this partner. Ask again."
        )
    if state.is_by_lead:
        return _(
            "%(name)s answered on %(moment)s, but cannot answer for this partner any more. Ask somebody else there."
        )
    return _("%(name)s answered on %(moment)s, and is no longer the contact person. Ask again.")


def _of_signature(state: SigningState, *, at: datetime) -> AnswerState:
    if state.signature is not None:
        signed = {"name": state.signature.signed_as, "moment": day_and_time(state.signature.signed_at)}
        return AnswerState("ok", _("Signed"), _("%(name)s signed on %(moment)s.") % signed)
    if state.link is not None:
        return _of_link(state.link, _("E-mail the link again"), at=at)
    sentence = _("%(name)s has not signed yet.") % {"name": state.name}
    return AnswerState("neutral", _("Not asked yet"), sentence, _("E-mail a link for signing"))


def _of_link(link: OneTimeLink, again: str, *, at: datetime) -> AnswerState:
    """Return the state of a link that was mailed and not used yet."""
    if is_alive(link, at=at):
        sentence = _("We e-mailed %(email)s on %(asked)s. The link works until %(until)s.") % {
            "email": link.email,
            "asked": day_and_time(link.asked_at),
            "until": day_and_time(link.expires_at),
        }
        if is_within_cool_down(link, email=link.email, at=at):
            told = _("The e-mail is on its way. You can ask again in a minute.")
            return AnswerState("info", _("Asked, no answer yet"), sentence, cooling_down=told)
        return AnswerState("info", _("Asked, no answer yet"), sentence, again)
    if at >= link.expires_at:
        return AnswerState("warning", _("Link expired"), _("Nobody answered in time. Ask again."), again)
    sentence = _("We e-mailed %(email)s, who no longer answers on behalf of this partner. Ask again.")
    return AnswerState("warning", _("Asked at a different address"), sentence % {"email": link.email}, again)


def _given(answer: Consent) -> dict[str, str]:
    return {
        "name": answer.given_as,
        "moment": day_and_time(answer.answered_at),
        "reason": answer.reason,
    }
