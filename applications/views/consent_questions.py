"""Asking the lead something before agreeing, through a mailed link or an account, and the lead's answer."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.domain.consent_questions import answer_question, ask_by_account, ask_by_link
from applications.domain.links import check_alive, check_contact_stands, find_link
from applications.domain.locking import why_not_needed
from applications.enums import LinkPurpose
from applications.forms.answering import QuestionAnswerForm, QuestionForm
from applications.models import Application, ConsentQuestion, OneTimeLink
from applications.queries import shared_with, with_coalition
from applications.queries.consent_questions import asked_in, questions_of, reaches_asker
from applications.views.access import led_page
from applications.views.links import dead_link, unknown_link
from coalitions.models import Participation
from coalitions.permissions import may_answer_for
from hubportal.accounts.models import User
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.one_time import DeadLink
from hubportal.middleware import ReceivedRequest, SignedInRequest, whole_at
from hubportal.repeats import key_of
from hubportal.secret_pages import secret_address


@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: ReceivedRequest, secret: str) -> HttpResponse:
    """Let whom a link was mailed to ask the lead something; the link still takes an answer after it."""
    link = find_link(secret, LinkPurpose.CONSENT)
    if link is None or link.participation is None:
        return unknown_link(request)
    try:
        check_alive(link, at=request.received_at)
        check_contact_stands(link, request.user)
    except DeadLink as refusal:
        return dead_link(request, str(refusal), link=link)
    if not link.application.is_draft:
        return dead_link(request, str(why_not_needed(link.application)), link=link)
    form = QuestionForm(request.POST if request.method == "POST" else None, initial={"name": link.name})

    def act() -> ConsentQuestion:
        return ask_by_link(
            link=link,
            name=form.cleaned_data["name"],
            text=form.cleaned_data["text"],
            key=key_of(request) or uuid4(),
            signed_in_as=request.user if isinstance(request.user, User) else None,
            at=whole_at(request),
        )

    return _asked(request, link.application, link.participation, form, act, link=link, secret=secret)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_account(request: SignedInRequest, reference: str, participation_id: int) -> HttpResponse:
    """Let a logged-in person who speaks for a partner ask the lead something."""
    application = get_object_or_404(with_coalition(shared_with(request.user)), reference=reference)
    asked = may_answer_for.rows(request.user).filter(links__application=application, is_lead=False).distinct()
    partner = get_object_or_404(asked, pk=participation_id)
    if not application.is_draft:
        messages.error(request, str(why_not_needed(application)))
        return redirect("applications:status", reference)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    del form.fields["name"]

    def act() -> ConsentQuestion:
        return ask_by_account(
            application_id=application.pk,
            participation_id=partner.pk,
            text=form.cleaned_data["text"],
            key=key_of(request) or uuid4(),
            actor=request.user,
            at=whole_at(request),
        )

    return _asked(request, application, partner, form, act)


def _asked(
    request: ReceivedRequest,
    application: Application,
    partner: Participation,
    form: QuestionForm,
    act: Callable[[], ConsentQuestion],
    *,
    link: OneTimeLink | None = None,
    secret: str = "",
) -> HttpResponse:
    if form.is_valid():
        try:
            act()
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            messages.success(
                request,
                _("Your question is on its way to the lead organisation. You can still agree or decline."),
            )
            return redirect(request.path)
    context = {
        "application": application,
        "partner": partner,
        "form": form,
        "key": key_of(request) or uuid4(),
        "secret": secret,
        "questions": questions_of(application, partner, reader=request.user, link=link),
    }
    return render(request, "applications/ask_question.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@led_page
def answer(request: SignedInRequest, application: Application, question_key: UUID) -> HttpResponse:
    """Answer a partner's question."""
    question = get_object_or_404(asked_in(application), key=question_key)
    form = QuestionAnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            answer_question(
                key=question.key,
                text=form.cleaned_data["text"],
                actor=request.user,
                at=request.received_at,
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
            question = get_object_or_404(asked_in(application), key=question_key)
        else:
            messages.success(request, _told(question))
            return redirect("applications:partners", application.reference)
    context = {
        "application": application,
        "question": question,
        "form": form,
        "reaches_asker": reaches_asker(question),
    }
    return render(request, "applications/answer_question.html", context, status=422 if form.errors else 200)


def _told(question: ConsentQuestion) -> str:
    if reaches_asker(question):
        return _("Your answer is on its way to %(name)s.") % {"name": question.name}
    return _("Your answer has been kept. %(name)s no longer answers for this partner and gets no e-mail.") % {
        "name": question.name
    }
