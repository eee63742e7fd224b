"""Pages of officers: questions that wait, what is public, and writing an answer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from call_questions.domain.answering import begin_answer, draft_answer, draft_for_question
from call_questions.forms import AnswerForm, NewAnswerForm
from call_questions.models import CallAnswer, CallQuestion
from call_questions.permissions import may_answer_questions
from call_questions.queries import (
    answer_with,
    answers_with_call,
    asked_with_answer,
    question_with,
    settled,
    waiting,
    written_answers,
)
from calls.queries import public_calls
from hubportal.accounts.permissions import OFFICERS
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import NewerVersion
from hubportal.middleware import whole_at
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import page_of_rows
from hubportal.repeats import key_of

_ALONE = "alleen"


@require_safe
@only_for(OFFICERS)
def waiting_questions(request: StaffRequest) -> HttpResponse:
    """List the questions that wait, the oldest in front; or those that were answered to who asked alone."""
    is_alone = request.GET.get("staat") == _ALONE
    is_untied = may_answer_questions.includes(request.user)
    rows = (settled() if is_alone else waiting()) if is_untied else waiting().none()
    shown = page_of_rows(request, rows, shown=asked_with_answer())
    context = {"page": shown, "is_alone": is_alone, "is_untied": is_untied}
    return page(request, "admin/call_questions/questions.html", context)


@require_safe
@only_for(may_answer_questions)
def answers(request: StaffRequest) -> HttpResponse:
    """List what is public or will be, what is still written in front."""
    context = {"page": page_of_rows(request, written_answers(), shown=answers_with_call())}
    return page(request, "admin/call_questions/answers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(may_answer_questions)
def question(request: StaffRequest, key: UUID) -> HttpResponse:
    """Show a question, and write the answer to it; Enter saves what is written and publishes nothing."""
    found = _question(key)
    if found.settled_at is not None and found.answer is not None and request.method != "POST":
        return redirect("admin:call_answer", found.answer.key)
    initial = (
        _shown(found.answer) if found.answer else {"wording": found.text, "answer": "", "seen_version": 0}
    )
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> CallAnswer:
        return draft_for_question(question_key=key, **_typed(request, form))

    if form.is_valid() and (draft := _saved(form, act)):
        return _next_page(request, draft, found)
    found = _question(key)
    if form.errors and found.answer is not None:
        form.show_seen(found.answer.version)
    context = {"question": found, "current": found.answer, "form": form}
    return page(request, "admin/call_questions/question.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(may_answer_questions)
def answer(request: StaffRequest, key: UUID) -> HttpResponse:
    """Show an answer that is public or will be, and write another text for it; that is published on a page of its own."""
    found = _answer(key)
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=_shown(found))

    def act() -> CallAnswer:
        return draft_answer(key=key, **_typed(request, form))

    if form.is_valid() and (draft := _saved(form, act)):
        return _next_page(request, draft, None)
    found = _answer(key)
    if form.errors:
        form.show_seen(found.version)
    context = {"current": found, "form": form, "earlier": found.earlier.order_by("-until", "-pk")}
    return page(request, "admin/call_questions/answer.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(may_answer_questions)
def begin(request: StaffRequest) -> HttpResponse:
    """Write a question and its answer that nobody asked in the portal, such as by telephone."""
    form = NewAnswerForm(
        request.POST if request.method == "POST" else None, calls=public_calls().order_by("-opens_at", "pk")
    )
    added_with = key_of(request) or uuid4()

    def act() -> CallAnswer:
        typed = _typed(request, form)
        typed.pop("seen")
        return begin_answer(call_id=form.cleaned_data["call"].pk, key=added_with, **typed)

    if form.is_valid() and (draft := _saved(form, act)):
        return _next_page(request, draft, None)
    context = {"form": form, "key": added_with}
    return page(request, "admin/call_questions/begin.html", context, status=422 if form.errors else 200)


def _question(key: UUID) -> CallQuestion:
    try:
        return question_with(key)
    except CallQuestion.DoesNotExist as unknown:
        raise Http404 from unknown


def _answer(key: UUID) -> CallAnswer:
    try:
        return answer_with(key)
    except CallAnswer.DoesNotExist as unknown:
        raise Http404 from unknown


def _shown(draft: CallAnswer) -> dict[str, Any]:
    return {"wording": draft.drafted_question, "answer": draft.drafted_answer, "seen_version": draft.version}


def _typed(request: StaffRequest, form: AnswerForm) -> dict[str, Any]:
    typed = {name: form.cleaned_data[name] for name in ("wording", "answer")}
    return {
        **typed,
        "seen": form.cleaned_data["seen_version"],
        "actor": request.user,
        "at": whole_at(request),
    }


def _saved(form: AnswerForm, act: Callable[[], CallAnswer]) -> CallAnswer | None:
    try:
        return act()
    except CallAnswer.DoesNotExist as gone:
        # A colleague answered who asked alone meanwhile.
        raise Http404 from gone
    except NewerVersion as newer:
        # What a colleague wrote stands above the form now: the next attempt has seen it.
        add_violation(form, newer, otherwise="answer")
    except RuleViolation as refusal:
        add_violation(form, refusal)
    return None


def _next_page(request: StaffRequest, draft: CallAnswer, question: CallQuestion | None) -> HttpResponse:
    """Lead to the page that publishes or answers, or back to what was saved; only a button asks for the first."""
    button = request.POST.get("button", "")
    if button == "publish":
        return redirect("admin:publish_call_answer", draft.key)
    if button == "alone" and question is not None:
        return redirect("admin:answer_alone", question.key)
    messages.success(request, _("Saved as a draft. Nobody outside the office reads it yet."))
    if question is not None:
        return redirect("admin:call_question", question.key)
    return redirect("admin:call_answer", draft.key)
