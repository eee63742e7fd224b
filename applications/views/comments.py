"""Comments on a draft: listed beside what they are about, answered, resolved, changed and deleted (rules 22 and 32)."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.domain import comments as acts
from applications.enums import Part
from applications.forms.commenting import AnswerForm, ChangeCommentForm, CommentForm
from applications.models import Application, Comment
from applications.queries.comments import passages
from applications.views.access import draft_page, or_404
from applications.views.commented import (
    Commented,
    comment_page,
    commented_of,
    found_in,
    own,
    place_of,
    text_of,
    threads_on,
    whole,
)
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest, whole_at
from hubportal.repeats import key_of
from hubportal.versions.saving import Kept, Saved, SaveOutcome, save_and_answer


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def section_comments(request: SignedInRequest, application: Application, key: str) -> HttpResponse:
    """List the comments on the text of a section, and write one."""
    return _list(request, application, text_of(application, key))


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def particulars_comments(request: SignedInRequest, application: Application) -> HttpResponse:
    """List the comments on title and dates, and write one."""
    return _list(request, application, whole(application, Part.PARTICULARS))


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def budget_comments(request: SignedInRequest, application: Application) -> HttpResponse:
    """List the comments on the budget, and write one."""
    return _list(request, application, whole(application, Part.BUDGET))


def _list(request: SignedInRequest, application: Application, commented: Commented) -> HttpResponse:
    said = passages(application, part=commented.part, key=commented.key)
    form = CommentForm(request.POST if request.method == "POST" else None, passages=said)

    def act() -> Comment:
        place = acts.Place(commented.part, commented.key, form.cleaned_data["passage"])
        return acts.write_comment(
            reference=application.reference,
            place=place,
            text=form.cleaned_data["text"],
            added_with=key_of(request) or uuid4(),
            actor=request.user,
            at=whole_at(request),
        )

    if form.is_valid() and (answer := _sent(request, application, form, act)):
        return answer
    threads = threads_on(request, application, commented, said)
    context = {
        "application": application,
        "commented": commented,
        "open_threads": [each for each in threads if each.is_open],
        "resolved_threads": [each for each in threads if not each.is_open],
        "form": form,
        "key": key_of(request) or uuid4(),
    }
    return render(request, "applications/comments.html", context, status=422 if form.errors else 200)


def _sent(
    request: SignedInRequest, application: Application, form: Any, act: Callable[[], Comment]
) -> HttpResponse | None:
    """Return where it leads once something was written; ``None`` where the form says why not."""
    try:
        comment = or_404(act)
    except RuleViolation as refusal:
        add_violation(form, refusal, otherwise="text")
        return None
    messages.success(request, _("Your comment stands in the list. Only who writes this application sees it."))
    return redirect(place_of(application, comment))


@require_http_methods(["GET", "HEAD", "POST"])
@comment_page
def answer_comment(request: SignedInRequest, application: Application, comment_id: int) -> HttpResponse:
    """Answer a comment, which is shown once more with the answers that it has."""
    found = found_in(application, comment_id)
    if found.thread_id is not None:
        raise Http404
    commented = commented_of(application, found)
    form = AnswerForm(request.POST if request.method == "POST" else None)

    def act() -> Comment:
        return acts.answer_comment(
            reference=application.reference,
            comment_id=comment_id,
            text=form.cleaned_data["text"],
            added_with=key_of(request) or uuid4(),
            actor=request.user,
            at=whole_at(request),
        )

    if form.is_valid() and (answer := _sent(request, application, form, act)):
        return answer
    threads = threads_on(
        request, application, commented, passages(application, part=commented.part, key=commented.key)
    )
    context = {
        "application": application,
        "commented": commented,
        "thread": next(each for each in threads if each.comment.pk == found.pk),
        "form": form,
        "key": key_of(request) or uuid4(),
    }
    return render(request, "applications/answer_comment.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@comment_page
def change_comment(request: SignedInRequest, application: Application, comment_id: int) -> HttpResponse:
    """Change what one wrote oneself; 404 for what somebody else wrote."""
    comment = own(request, application, comment_id)
    form = ChangeCommentForm(
        request.POST if request.method == "POST" else None,
        initial={"text": comment.text, "seen_version": comment.version},
    )

    def act() -> Saved:
        changed = or_404(
            lambda: acts.change_comment(
                reference=application.reference,
                comment_id=comment_id,
                **form.typed,
                seen_version=form.seen,
                actor=request.user,
                at=whole_at(request),
            )
        )
        return Saved(changed.version, changed.changed_at or changed.written_at)

    def saved(_saved: Saved) -> HttpResponse:
        messages.success(request, _("Your comment has been changed."))
        return redirect(place_of(application, comment))

    def page(outcome: SaveOutcome) -> HttpResponse:
        context = {
            "application": application,
            "commented": commented_of(application, comment),
            "comment": comment,
            "form": form,
            "newer": outcome.newer,
        }
        return render(request, "applications/change_comment.html", context, status=outcome.status)

    return save_and_answer(
        request, form, act=act, kept=lambda: _kept(application, comment), saved=saved, page=page
    )


def _kept(application: Application, comment: Comment) -> Kept:
    now = found_in(application, comment.pk)
    return Kept(now.version, {"text": now.text}, now.written_by, now.changed_at or now.written_at)


@require_http_methods(["GET", "HEAD", "POST"])
@comment_page
def delete_comment(request: SignedInRequest, application: Application, comment_id: int) -> HttpResponse:
    """Show what one wrote once more, then delete it for good."""
    comment = own(request, application, comment_id)
    if request.method == "POST":
        return _changed(
            request,
            application,
            comment,
            acts.delete_comment,
            told=_("Your comment has been deleted."),
        )
    context = {
        "application": application,
        "commented": commented_of(application, comment),
        "comment": comment,
    }
    return render(request, "applications/delete_comment.html", context)


@require_POST
@comment_page
def resolve_comment(request: SignedInRequest, application: Application, comment_id: int) -> HttpResponse:
    """Mark a comment as resolved."""
    typed = request.POST.get("seen_last", "")
    # No answer was seen where it is no number.
    seen = int(typed) if typed.isdecimal() and len(typed) < 19 else 0
    return _changed(
        request,
        application,
        found_in(application, comment_id),
        acts.resolve_comment,
        told=_("The comment is resolved. You find it below the open ones."),
        seen_last=seen,
    )


@require_POST
@comment_page
def reopen_comment(request: SignedInRequest, application: Application, comment_id: int) -> HttpResponse:
    """Open a resolved comment again."""
    found = found_in(application, comment_id)
    return _changed(request, application, found, acts.reopen_comment, told=_("The comment is open again."))


def _changed(
    request: SignedInRequest,
    application: Application,
    comment: Comment,
    act: Callable[..., Comment],
    *,
    told: str,
    **what: Any,
) -> HttpResponse:
    try:
        or_404(
            lambda: act(
                reference=application.reference,
                comment_id=comment.pk,
                actor=request.user,
                at=whole_at(request),
                **what,
            )
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, told)
    return redirect(place_of(application, comment))
