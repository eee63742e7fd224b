"""What of a draft can be commented on, and the comments on it as pages list them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.domain.locking import why_closed
from applications.enums import Part
from applications.models import Application, Comment
from applications.permissions import may_change_comment
from applications.queries.comments import comment_in, comments_on
from applications.views.access import draft_page
from calls.models import SectionSpec
from hubportal.kernel.languages import dutch
from hubportal.middleware import SignedInRequest

Which = ParamSpec("Which")


@dataclass(frozen=True)
class Commented:
    """A part of a draft that can be commented on."""

    part: Part
    title: str
    # Of the page on which it is written, without its comments.
    name: str
    arguments: list[str]
    # Its rows among the comments.
    which: dict[str, Any]
    key: str = ""

    @property
    def page(self) -> str:
        """Return the address of the page on which it is written."""
        return reverse(f"applications:{self.name}", args=self.arguments)

    @property
    def comments_page(self) -> str:
        """Return the address of the page that lists its comments."""
        return reverse(f"applications:{self.name}_comments", args=self.arguments)


@dataclass(frozen=True)
class Thread:
    """A comment with its answers, as a page lists it."""

    comment: Comment
    answers: list[Comment]
    # Whether what it quotes still stands in the draft.
    stands: bool

    @property
    def is_open(self) -> bool:
        """Tell whether it is not resolved, and not deleted without an answer that stands."""
        is_left = self.comment.deleted_at is None or any(each.deleted_at is None for each in self.answers)
        return is_left and self.comment.resolved_at is None

    @property
    def last(self) -> int:
        """Return the number of the last answer, or of the comment."""
        return max(each.pk for each in (self.comment, *self.answers))


def text_of(application: Application, key: str) -> Commented:
    """Return the text of a section as what is commented on; 404 for one that the call does not have."""
    spec = get_object_or_404(application.call.sections, key=key)
    return _of_text(application, spec)


def _of_text(application: Application, spec: SectionSpec) -> Commented:
    which = {"part": Part.SECTION, "spec": spec}
    return Commented(
        Part.SECTION, dutch(spec.title), "section", [application.reference, spec.key], which, spec.key
    )


def whole(application: Application, part: str) -> Commented:
    """Return the budget, or title and dates, as what is commented on."""
    names = {Part.PARTICULARS: _("Title and dates"), Part.BUDGET: _("Budget")}
    chosen = Part(part)
    return Commented(chosen, names[chosen], chosen.value, [application.reference], {"part": chosen})


def commented_of(application: Application, comment: Comment) -> Commented:
    """Return what a comment is about."""
    if comment.spec is not None:
        return _of_text(application, comment.spec)
    return whole(application, comment.part)


def threads_on(
    request: SignedInRequest, application: Application, commented: Commented, said: list[str]
) -> list[Thread]:
    """Return the comments on a part with their answers, where ``said`` is what can be quoted of it now."""
    found = comments_on(application, **commented.which)
    mine = may_change_comment.on_each(request.user)
    rows = list(found.annotate(is_mine=mine))
    answers: dict[int, list[Comment]] = {}
    for each in rows:
        if each.thread_id is not None:
            answers.setdefault(each.thread_id, []).append(each)
    standing = {"", *said}
    return [
        Thread(each, answers.get(each.pk, []), each.quoted in standing)
        for each in rows
        if each.thread_id is None
    ]


def place_of(application: Application, comment: Comment) -> str:
    """Return the address at which a comment, or what it answers, stands in its list."""
    number = comment.thread_id or comment.pk
    return f"{commented_of(application, comment).comments_page}#opmerking-{number}"


def found_in(application: Application, comment_id: int) -> Comment:
    """Return a comment or an answer of a draft, or 404."""
    try:
        return comment_in(application, comment_id)
    except Comment.DoesNotExist as unknown:
        raise Http404 from unknown


def own(request: SignedInRequest, application: Application, comment_id: int) -> Comment:
    """Return what the person wrote and may change, or 404."""
    own = may_change_comment.rows(request.user).filter(application=application)
    return get_object_or_404(own.select_related("written_by", "spec"), pk=comment_id)


def comment_page(
    view: Callable[Concatenate[SignedInRequest, Application, Which], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Pass the view a draft that the person may write; once it is submitted its comments are gone, and that is said."""

    def opened(
        request: SignedInRequest, application: Application, /, *args: Which.args, **which: Which.kwargs
    ) -> HttpResponse:
        if not application.is_draft:
            messages.error(request, why_closed(application))
            return redirect("applications:status", application.reference)
        return view(request, application, *args, **which)

    return wraps(view)(draft_page(opened))
