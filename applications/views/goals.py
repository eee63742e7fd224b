"""One click puts a public question of the region into a section, with what was typed there meanwhile."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.domain.goals import leave_goal, take_goal
from applications.forms.writing import SectionForm
from applications.models import Application, ApplicationSection
from applications.views.access import draft_page
from applications.views.writing import kept_section, section_page
from hubportal.kernel.errors import NotAllowed
from hubportal.middleware import SignedInRequest, whole_at
from hubportal.versions.saving import Saved, save_and_answer


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def take(request: SignedInRequest, application: Application, key: str, question_id: int) -> HttpResponse:
    """Put a question below what was typed, and save both."""
    told = _("The question stands below your text. You can change it, or take it out again.")
    return _saved(request, application, key, question_id, act=take_goal, told=told)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def leave(request: SignedInRequest, application: Application, key: str, question_id: int) -> HttpResponse:
    """Take a question out of what was typed, and save the rest."""
    told = _("The question is no longer a goal here. If you changed its text, that still stands there.")
    return _saved(request, application, key, question_id, act=leave_goal, told=told)


def _saved(
    request: SignedInRequest,
    application: Application,
    key: str,
    question_id: int,
    *,
    act: Callable[..., ApplicationSection],
    told: str,
) -> HttpResponse:
    reference = application.reference
    if request.method != "POST":
        # From beside a newer version one goes back to what is saved.
        return redirect("applications:section", reference, key)
    form = SectionForm(request.POST)
    which = {"reference": reference, "key": key, "question_id": question_id}

    def saved(_done: Saved) -> HttpResponse:
        messages.success(request, told)
        return redirect("applications:section", reference, key)

    return save_and_answer(
        request,
        form,
        act=lambda: _done(request, form, partial(act, **which)),
        kept=partial(kept_section, reference, key, form),
        saved=saved,
        page=partial(section_page, request, application, key, form),
    )


def _done(request: SignedInRequest, form: SectionForm, act: Callable[..., ApplicationSection]) -> Saved:
    try:
        done = act(**form.typed, seen_version=form.seen, actor=request.user, at=whole_at(request))
    except (NotAllowed, ObjectDoesNotExist) as unknown:
        raise Http404 from unknown
    return Saved(done.version, done.saved_at)
