"""What binds has a page of its own: publishing an answer, answering who asked alone, and taking an answer back (rule 30)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from call_questions.domain.answering import answer_alone, publish_answer, take_answer_back
from call_questions.forms import SureForm, TakeBackForm
from call_questions.models import CallAnswer, CallQuestion
from call_questions.permissions import may_answer_questions
from call_questions.queries import answers_with_call, asked_with_answer, question_of
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import whole_at
from hubportal.office.pages import StaffRequest, only_for, page


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(may_answer_questions)
def publish(request: StaffRequest, key: UUID) -> HttpResponse:
    """Show what everybody will read, beside what they read now, then make it public."""
    answer = _answer(key)
    question = question_of(answer)
    form = SureForm(
        request.POST if request.method == "POST" else None, initial={"seen_version": answer.version}
    )

    def act() -> None:
        publish_answer(
            key=key, seen=form.cleaned_data["seen_version"], actor=request.user, at=whole_at(request)
        )

    if form.is_valid() and _done(form, act):
        messages.success(request, _("The answer is public now."))
        return redirect("admin:call_answers")
    return _page(request, "publish", form, {"answer": _answer(key), "question": question})


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(may_answer_questions)
def alone(request: StaffRequest, key: UUID) -> HttpResponse:
    """Show once more what who asked will read, then answer them alone."""
    question = get_object_or_404(asked_with_answer(), key=key)
    if question.answer is None and question.settled_at is None:
        return redirect("admin:call_question", key)
    seen = question.answer.version if question.answer else 0
    form = SureForm(request.POST if request.method == "POST" else None, initial={"seen_version": seen})

    def act() -> None:
        answer_alone(
            question_key=key, seen=form.cleaned_data["seen_version"], actor=request.user, at=whole_at(request)
        )

    if form.is_valid() and _done(form, act):
        messages.success(request, _("Your answer is there for who asked. Nobody else reads it."))
        return redirect("admin:call_questions")
    if not form.is_bound and question.settled_at is not None:
        return redirect("admin:call_question", key)
    return _page(request, "alone", form, {"question": question})


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(may_answer_questions)
def take_back(request: StaffRequest, key: UUID) -> HttpResponse:
    """Take a public answer back with a reason, which everybody reads in its place."""
    answer = _answer(key)
    if request.method != "POST" and not answer.is_public:
        return redirect("admin:call_answer", key)
    form = TakeBackForm(
        request.POST if request.method == "POST" else None, initial={"seen_version": answer.version}
    )

    def act() -> None:
        reason = form.cleaned_data["reason"]
        take_answer_back(
            key=key,
            reason=reason,
            seen=form.cleaned_data["seen_version"],
            actor=request.user,
            at=whole_at(request),
        )

    if form.is_valid() and _done(form, act):
        messages.success(
            request, _("The answer is no longer public; the question stands there with your reason.")
        )
        return redirect("admin:call_answer", key)
    return _page(request, "take_back", form, {"answer": answer})


def _answer(key: UUID) -> CallAnswer:
    return get_object_or_404(answers_with_call(), key=key)


def _done(form: SureForm, act: Callable[[], None]) -> bool:
    try:
        act()
    except (CallAnswer.DoesNotExist, CallQuestion.DoesNotExist) as unknown:
        raise Http404 from unknown
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return False
    return True


def _page(request: StaffRequest, template: str, form: SureForm, context: dict[str, Any]) -> HttpResponse:
    status = 422 if form.errors else 200
    return page(request, f"admin/call_questions/{template}.html", {**context, "form": form}, status=status)
