"""Who does what for a draft: listing, adding, changing, ticking off, and taking back."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.domain import tasks as acts
from applications.domain.locking import why_closed
from applications.domain.tasks import Planned
from applications.forms.tasks import TaskForm
from applications.models import Application, Task
from applications.permissions import may_settle_task
from applications.queries.tasks import assignable_in, task_in, tasks_in
from applications.views.access import draft_page, or_404, room_page
from hubportal.accounts.models import User
from hubportal.forms import add_violation
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest, whole_at
from hubportal.repeats import key_of
from hubportal.versions.saving import Kept, Saved, SaveOutcome, save_and_answer

NO_VERSION = {"seen_version": 0}


@require_http_methods(["GET", "HEAD", "POST"])
@room_page
def tasks(request: SignedInRequest, application: Application) -> HttpResponse:
    """List the tasks of a draft to everybody who reads it, and add one as who writes it."""
    is_written: bool = application.is_written  # type: ignore[attr-defined]
    if request.method == "POST" and not is_written:
        raise Http404
    form = _form(request, application, initial=NO_VERSION) if is_written else None
    if form is not None and form.is_valid() and _is_added(request, application, form):
        messages.success(request, _("The task stands in the list, and on the start page of who does it."))
        return redirect("applications:tasks", application.reference)
    context = {
        "application": application,
        "tasks": _in_words(request, application),
        "form": form,
        "key": key_of(request) or uuid4(),
    }
    return render(
        request, "applications/tasks.html", context, status=422 if form is not None and form.errors else 200
    )


def _form(request: SignedInRequest, application: Application, **values: Any) -> TaskForm:
    people = list(assignable_in(application, request.user))
    return TaskForm(request.POST if request.method == "POST" else None, people=people, **values)


def _is_added(request: SignedInRequest, application: Application, form: TaskForm) -> bool:
    try:
        or_404(
            lambda: acts.add_task(
                reference=application.reference,
                planned=_planned(form),
                added_with=key_of(request) or uuid4(),
                actor=request.user,
                at=whole_at(request),
            )
        )
    except RuleViolation as refusal:
        add_violation(form, refusal, otherwise="what")
        return False
    return True


def _planned(form: TaskForm) -> Planned:
    typed = form.typed
    return Planned(typed["what"], int(typed["person"]), typed["due_on"])


def _in_words(request: SignedInRequest, application: Application) -> list[dict[str, Any]]:
    today = local_date(request.received_at)
    return [
        {
            "row": each,
            "is_late": each.done_at is None and each.due_on < today,
            "can_settle": each.can_settle,
        }
        for each in tasks_in(application).annotate(can_settle=may_settle_task.on_each(request.user))
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def change_task(request: SignedInRequest, application: Application, task_id: int) -> HttpResponse:
    """Change what is to be done, by whom or when."""
    if not application.is_draft:
        return _closed(request, application)
    task: Task = or_404(lambda: task_in(application, task_id))
    form = _form(request, application, initial={**_values(task), "seen_version": task.version})
    _keep_choice(form, task.assigned_to)

    def act() -> Saved:
        changed: Task = or_404(
            lambda: acts.change_task(
                reference=application.reference,
                task_id=task_id,
                planned=_planned(form),
                seen_version=form.seen,
                actor=request.user,
                at=whole_at(request),
            )
        )
        return Saved(changed.version, changed.changed_at or changed.added_at)

    def saved(_saved: Saved) -> HttpResponse:
        messages.success(request, _("The task has been changed."))
        return redirect("applications:tasks", application.reference)

    def page(outcome: SaveOutcome) -> HttpResponse:
        context = {"application": application, "task": task, "form": form, "newer": outcome.newer}
        return render(request, "applications/change_task.html", context, status=outcome.status)

    return save_and_answer(
        request, form, act=act, kept=lambda: _kept(application, task_id), saved=saved, page=page
    )


def _keep_choice(form: TaskForm, person: User) -> None:
    """Offer who has the task too, also once they left: changing its day gives it to nobody else."""
    choices = list(form.fields["person"].choices)  # type: ignore[attr-defined]
    if str(person.pk) not in dict(choices):
        form.fields["person"].choices = [(str(person.pk), person.full_name), *choices]  # type: ignore[attr-defined]


def _values(task: Task) -> dict[str, Any]:
    return {"what": task.what, "person": str(task.assigned_to_id), "due_on": task.due_on}


def _kept(application: Application, task_id: int) -> Kept:
    now: Task = or_404(lambda: task_in(application, task_id))
    return Kept(now.version, _values(now), now.changed_by or now.added_by, now.changed_at or now.added_at)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def remove_task(request: SignedInRequest, application: Application, task_id: int) -> HttpResponse:
    """Show a task once more, then remove it for good."""
    if not application.is_draft:
        return _closed(request, application)
    if request.method == "POST":
        return _settled(request, application, task_id, acts.remove_task, _("The task has been removed."))
    task: Task = or_404(lambda: task_in(application, task_id))
    return render(request, "applications/remove_task.html", {"application": application, "task": task})


@require_POST
@room_page
def finish_task(request: SignedInRequest, application: Application, task_id: int) -> HttpResponse:
    """Tick a task off."""
    return _settled(request, application, task_id, acts.finish_task, _("The task is done."))


@require_POST
@room_page
def reopen_task(request: SignedInRequest, application: Application, task_id: int) -> HttpResponse:
    """Take back that a task was done."""
    return _settled(request, application, task_id, acts.reopen_task, _("The task is open again."))


def _settled(
    request: SignedInRequest, application: Application, task_id: int, act: Callable[..., Any], told: str
) -> HttpResponse:
    if not application.is_draft:
        return _closed(request, application)
    try:
        or_404(
            lambda: act(
                reference=application.reference, task_id=task_id, actor=request.user, at=whole_at(request)
            )
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, told)
    page = "coalition" if request.POST.get("from") == "coalition" else "tasks"
    return redirect(f"applications:{page}", application.reference)


def _closed(request: SignedInRequest, application: Application) -> HttpResponse:
    messages.error(request, why_closed(application))
    return redirect("applications:status", application.reference)
