"""Pages of who speaks for the lead: what is asked, what is answered, and sending it (rules 30 and 42)."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.models import Application
from applications.queries import with_coalition
from applications.views.access import or_404
from completions.domain.answering import (
    Unanswered,
    digest_of,
    is_open,
    save_answers,
    send_completion,
    unanswered,
)
from completions.domain.parts import parts_of
from completions.forms import AnswersForm, SeenForm, answers_shown
from completions.models import CompletionRequest
from completions.permissions import may_complete
from completions.queries import asked_about
from hubportal.forms import add_violation, with_value
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest
from hubportal.versions.saving import Kept, Saved, SaveOutcome, save_and_answer, saved_in_words


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def completion(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show what is asked, and write the answers; Enter and the script save them, and send nothing."""
    application, asked = opened(request, reference)
    typed = request.POST if request.method == "POST" else None
    initial = {**answers_shown(asked), "seen_version": asked.answers_version}
    form = AnswersForm(typed, initial=initial, asked=asked)

    def act() -> Saved:
        done = or_404(
            lambda: save_answers(
                reference=reference,
                answers=form.answers(),
                seen_version=form.seen,
                actor=request.user,
                at=request.received_at,
            )
        )
        return Saved(done.answers_version, done.answers_saved_at or request.received_at)

    return save_and_answer(
        request,
        form,
        act=act,
        kept=partial(_kept_answers, application),
        saved=partial(_saved_answers, request, reference),
        page=partial(_completion_page, request, application, form),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show everything as the office will read it, then send it."""
    application, asked = opened(request, reference)
    form = SeenForm(request.POST if request.method == "POST" else None, initial={"seen": digest_of(asked)})
    if form.is_valid() and _is_sent(request, reference, form):
        messages.success(
            request, _("Sent. The programme office and who judges your application read it now.")
        )
        return redirect("completions:completion", reference)
    if request.method == "POST":
        application, asked = opened(request, reference)
        form.data = with_value(form.data, "seen", digest_of(asked))
    elif not is_open(application, asked, at=request.received_at):
        return redirect("completions:completion", reference)
    context = {
        "application": application,
        "asked": asked,
        "rows": rows_of(application, asked),
        "missing": unanswered(asked),
        "form": form,
        "is_open": is_open(application, asked, at=request.received_at),
    }
    return render(request, "completions/check.html", context, status=422 if form.errors else 200)


def _is_sent(request: SignedInRequest, reference: str, form: SeenForm) -> bool:
    try:
        or_404(
            lambda: send_completion(
                reference=reference,
                seen=form.cleaned_data["seen"],
                actor=request.user,
                # It counts from its receipt (rule 2): what is sent was saved before.
                at=request.received_at,
            )
        )
    except Unanswered as missing:
        form.add_error(None, str(missing))
        return False
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return False
    return True


def opened(request: SignedInRequest, reference: str) -> tuple[Application, CompletionRequest]:
    """Return an application that the person completes with what is asked of it, or 404."""
    application = get_object_or_404(with_coalition(may_complete.rows(request.user)), reference=reference)
    asked = asked_about(application)
    if asked is None:
        raise Http404
    return application, asked


def rows_of(application: Application, asked: CompletionRequest) -> list[dict[str, Any]]:
    """Return each point with the name of what it is about and its files."""
    parts = parts_of(application.call)
    return [
        {"point": each, "about": parts.get(each.about, each.about), "files": list(each.files.all())}
        for each in asked.points.all()
    ]


def _kept_answers(application: Application) -> Kept | None:
    now = asked_about(application)
    if now is None or now.answers_saved_at is None:
        return None
    return Kept(now.answers_version, answers_shown(now), now.answers_saved_by, now.answers_saved_at)


def _saved_answers(request: SignedInRequest, reference: str, _done: Saved) -> HttpResponse:
    if "check" in request.POST:
        return redirect("completions:check", reference)
    messages.success(request, _("Saved. Nothing has been sent yet."))
    return redirect("completions:completion", reference)


def _completion_page(
    request: SignedInRequest, application: Application, form: AnswersForm, outcome: SaveOutcome
) -> HttpResponse:
    asked = asked_about(application)
    assert asked is not None  # it was opened
    can_write = is_open(application, asked, at=request.received_at)
    saved_at = asked.answers_saved_at
    rows = rows_of(application, asked)
    for row in rows:
        row["field"] = form[f"answer_{row['point'].number}"] if can_write else None
    context = {
        "application": application,
        "asked": asked,
        "rows": rows,
        "form": form,
        "newer": outcome.newer,
        "is_unsaved": request.method == "POST" and outcome.saved is None,
        "saved_line": saved_in_words(saved_at, at=request.received_at) if saved_at else "",
        "is_open": can_write,
    }
    return render(request, "completions/completion.html", context, status=outcome.status)
