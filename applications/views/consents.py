"""A partner's answer: through a one-time link, without an account, or logged in (rules 8 and 9)."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.domain.consent_states import ConsentState, consent_states
from applications.domain.consents import ContentChanged, answer_by_account, answer_by_link
from applications.domain.content import content_of, reading_digest
from applications.domain.links import check_alive, check_contact_stands, find_link, is_alive
from applications.domain.locking import why_not_needed
from applications.domain.opening import note_request_opened
from applications.domain.snapshot import Snapshot, snapshot_of
from applications.enums import ConsentAnswer, LinkPurpose
from applications.forms.answering import ConsentForm
from applications.models import Application, Consent, OneTimeLink
from applications.permissions import may_answer_as_partner
from applications.queries import shared_with, with_coalition
from applications.queries.consent_questions import questions_of
from applications.queries.copied_consents import copies_for
from applications.queries.functions import function_of_account, function_of_asked
from applications.views.agreed_since import changed_since, reads_answer
from applications.views.attachments import as_download
from applications.views.links import copy_again_url, dead_link, unknown_link
from coalitions.models import Participation
from coalitions.permissions import may_answer_for
from hubportal.accounts.models import User
from hubportal.documents.views.stored import stored_pdf
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.money import ZERO
from hubportal.kernel.one_time import DeadLink
from hubportal.middleware import ReceivedRequest, SignedInRequest, whole_at
from hubportal.secret_pages import secret_address

# On one page: the last are what counts.
COPIES_SHOWN = 3


@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: ReceivedRequest, secret: str) -> HttpResponse:
    """Show a partner what it is asked to agree to, and record its answer; only an answer uses up the link."""
    link = find_link(secret, LinkPurpose.CONSENT)
    if link is None or link.participation is None:
        return unknown_link(request)
    try:
        check_alive(link, at=request.received_at)
        check_contact_stands(link, request.user)
    except DeadLink as refusal:
        return dead_link(request, str(refusal), link=link)
    application = link.application
    if not application.is_draft:
        return dead_link(request, str(why_not_needed(application)), link=link)
    if request.method == "GET" and link.opened_at is None:
        note_request_opened(link_id=link.pk, at=request.received_at)
    organisation_id = link.participation.organisation_id
    form = _form(
        request,
        name=link.name,
        function=lambda: function_of_asked(link, organisation_id=organisation_id),
    )
    if form.is_valid():
        try:
            return _answered(request, link, form)
        except DeadLink as refusal:
            return dead_link(request, str(refusal), link=link)
        except RuleViolation as refusal:
            _tell(form, refusal, application)
    return _page(request, application, link.participation, form, secret=secret, link=link)


@secret_address
@require_safe
def consent_attachment(request: ReceivedRequest, secret: str, attachment_id: int) -> HttpResponse:
    """Send an attachment to a partner whose link can still be answered; otherwise 404."""
    link = find_link(secret, LinkPurpose.CONSENT)
    if link is None or not is_alive(link, at=request.received_at) or not link.application.is_draft:
        raise Http404
    try:
        check_contact_stands(link, request.user)
    except DeadLink:
        raise Http404 from None
    found = get_object_or_404(link.application.attachments, pk=attachment_id)
    return as_download(request, found, link.application.reference)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consent_account(request: SignedInRequest, reference: str, participation_id: int) -> HttpResponse:
    """Let a logged-in person who speaks for a partner read and answer."""
    application = get_object_or_404(with_coalition(shared_with(request.user)), reference=reference)
    # Distinct: a partner that was asked twice has two links.
    asked = may_answer_for.rows(request.user).filter(links__application=application, is_lead=False).distinct()
    partner = get_object_or_404(asked.select_related("organisation"), pk=participation_id)
    if not application.is_draft:
        if request.method == "POST":
            messages.error(request, str(why_not_needed(application)))
        return redirect("applications:status", reference)
    form = _form(
        request,
        name=request.user.full_name,
        function=lambda: function_of_account(request.user, organisation_id=partner.organisation_id),
    )
    del form.fields["name"]
    if form.is_valid():
        try:
            answer_by_account(
                application_id=application.pk,
                participation_id=partner.pk,
                answer=ConsentAnswer(form.cleaned_data["answer"]),
                reason=form.cleaned_data["reason"],
                function=form.cleaned_data["function"],
                seen_digest=form.cleaned_data["seen_digest"],
                actor=request.user,
                at=whole_at(request),
            )
        except RuleViolation as refusal:
            _tell(form, refusal, application)
        else:
            messages.success(
                request, _("Your answer has been saved. The lead organisation will be notified by e-mail.")
            )
            return redirect("applications:consent_account", reference, partner.pk)
    return _page(request, application, partner, form)


@login_required
@require_safe
def consent_copy(
    request: SignedInRequest, reference: str, participation_id: int, consent_id: int
) -> HttpResponse:
    """Send who speaks for a partner the copy of what it consented to, also once it was submitted; 404 until it was made."""
    application = get_object_or_404(shared_with(request.user), reference=reference)
    partners = may_answer_for.rows(request.user).filter(coalition=application.coalition_id, is_lead=False)
    partner = get_object_or_404(partners, pk=participation_id)
    copy = get_object_or_404(copies_for(application, partner, request.user), pk=consent_id)
    filename = f"instemming-{reference}.pdf"
    return stored_pdf(request, name=copy.copy_stored_as, sha256=copy.copy_sha256, filename=filename)


def consent_copies_of(application: Application, partner: Participation, reader: User) -> list[Consent]:
    """Return the latest copies of what a partner consented to, for a page of who speaks for it."""
    return list(copies_for(application, partner, reader)[:COPIES_SHOWN])


def _copies(request: ReceivedRequest, application: Application, partner: Participation) -> list[Consent]:
    return consent_copies_of(application, partner, request.user) if isinstance(request.user, User) else []


def _form(request: ReceivedRequest, *, name: str, function: Callable[[], str]) -> ConsentForm:
    """Return the form with what is known of who answers, asked once it is shown; both can be typed otherwise."""
    known = {"name": name, "function": function}
    return ConsentForm(request.POST if request.method == "POST" else None, initial=known)


def _answered(request: ReceivedRequest, link: OneTimeLink, form: ConsentForm) -> HttpResponse:
    values = form.cleaned_data
    answer = answer_by_link(
        link=link,
        answer=ConsentAnswer(values["answer"]),
        reason=values["reason"],
        given_by_name=values["name"],
        function=values["function"],
        seen_digest=values["seen_digest"],
        signed_in_as=request.user if isinstance(request.user, User) else None,
        at=whole_at(request),
    )
    shown = {
        "link": link,
        "consent": answer,
        "copy_again_url": copy_again_url(link, request),
        "copy_email": link.email,
    }
    return render(request, "applications/consent_answered.html", shown)


def _tell(form: ConsentForm, refusal: RuleViolation, application: Application) -> None:
    """Show the refusal in the form, and mark changed content as read for the next attempt."""
    if isinstance(refusal, ContentChanged):
        application.refresh_from_db(fields=["title", "starts_on", "duration_months", "budget_version"])
        form.show_digest(reading_digest(snapshot_of(application)))
    add_violation(form, refusal)


def _is_of_lead(request: ReceivedRequest, application: Application) -> bool:
    """Tell whether the logged-in person can never answer for a partner (rule 8)."""
    user = request.user
    return isinstance(user, User) and not may_answer_as_partner.allows(user, application)


def _state_of(snapshot: Snapshot, partner: Participation) -> ConsentState:
    """Return where a partner stands. Raises ``Http404`` for one that was removed since its page was opened."""
    state = next((each for each in consent_states(snapshot) if each.participation == partner), None)
    if state is None:
        raise Http404
    return state


def _page(
    request: ReceivedRequest,
    application: Application,
    partner: Participation,
    form: ConsentForm,
    *,
    secret: str = "",
    link: OneTimeLink | None = None,
) -> HttpResponse:
    snapshot = snapshot_of(application)
    content = content_of(snapshot)
    # Of what was typed, the digest stays that of what the person read.
    form.initial["seen_digest"] = reading_digest(snapshot)
    share = [each for each in content["budget"] if each["kvk_number"] == partner.organisation.kvk_number]
    state = _state_of(snapshot, partner)
    context = {
        "application": application,
        "partner": partner,
        "form": form,
        "content": content,
        "attachments": snapshot.attachments,
        "share": share,
        "share_total": sum(
            (-each["amount"] if each["is_contribution"] else each["amount"] for each in share), ZERO
        ),
        "is_of_lead": _is_of_lead(request, application),
        "secret": secret,
        # Following a link is no answer yet.
        "answer": state.answer
        if not secret and reads_answer(state, reader=request.user, link=None)
        else None,
        "questions": questions_of(application, partner, reader=request.user, link=link),
        "is_stale": state.is_stale,
        "changed": changed_since(snapshot, state, reader=request.user, link=link),
        "consent_copies": _copies(request, application, partner) if not secret else [],
        "is_by_other": state.is_by_other,
    }
    return render(request, "applications/consent.html", context, status=422 if form.errors else 200)
