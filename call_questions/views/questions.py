"""What was asked and answered about a call; what one asked oneself, and asking something."""

from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from call_questions.domain.asking import ask_question, takes_questions
from call_questions.forms import QuestionForm
from call_questions.queries import LONGEST_SEARCH, asked_by, asked_with_answer, public_answers
from calls.models import Call
from calls.queries import public_calls
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import visible
from hubportal.middleware import ReceivedRequest, SignedInRequest, whole_at
from hubportal.paging import page_of_rows
from hubportal.repeats import key_of


@require_safe
def questions(request: ReceivedRequest, slug: str) -> HttpResponse:
    """Show what was answered about a call, found by words."""
    call = get_object_or_404(public_calls(), slug=slug)
    words = visible(request.GET.get("zoek", ""))[:LONGEST_SEARCH].strip()
    found = public_answers(call, words)
    context = {
        "call": call,
        "words": words,
        "page": page_of_rows(request, found, shown=found),
        "can_ask": takes_questions(call, at=request.received_at),
    }
    return render(request, "call_questions/questions.html", context)


@require_safe
def answer(request: ReceivedRequest, slug: str, number: int) -> HttpResponse:
    """Show one question with its answer, at an address that stays."""
    call = get_object_or_404(public_calls(), slug=slug)
    found = get_object_or_404(public_answers(call), number=number)
    return render(request, "call_questions/answer.html", {"call": call, "answer": found})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show what one asked about a call, and ask something more; the last day of that is over at its very moment."""
    call = get_object_or_404(public_calls(), slug=slug)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _is_asked(request, call, form):
        messages.success(
            request,
            _("The programme office has your question. You get an e-mail once there is an answer."),
        )
        return redirect("call_questions:ask", slug)
    context = {
        "call": call,
        "form": form,
        "key": key_of(request) or uuid4(),
        "own": page_of_rows(request, asked_by(request.user, call), shown=asked_with_answer()),
        "can_ask": form.is_bound or takes_questions(call, at=request.received_at),
    }
    return render(request, "call_questions/ask.html", context, status=422 if form.errors else 200)


def _is_asked(request: SignedInRequest, call: Call, form: QuestionForm) -> bool:
    try:
        ask_question(
            call_id=call.pk,
            text=form.cleaned_data["text"],
            key=key_of(request) or uuid4(),
            actor=request.user,
            at=whole_at(request),
        )
    except RuleViolation as refusal:
        add_violation(form, refusal, otherwise="text")
        return False
    return True
