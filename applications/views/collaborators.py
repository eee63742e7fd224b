"""Who writes a draft along: inviting, answering an invitation, and ending it (rule 37)."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.domain import collaborating
from applications.domain.content import content_of
from applications.domain.opening import note_invitation_opened
from applications.domain.snapshot import snapshot_of
from applications.enums import CollaborationState, CollaboratorRight
from applications.forms.inviting import CollaboratorForm, DeclineForm
from applications.models import Application, Collaborator
from applications.queries.collaborators import LIVING, collaborators_of, invited_at_mailbox_of
from applications.views.access import room_page
from applications.views.draft_copies import copies_shown
from applications.views.steps import draft_response
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.mailboxes import mailbox
from hubportal.middleware import SignedInRequest, whole_at
from mapping.permissions import may_map


@require_safe
@room_page
def read(request: SignedInRequest, application: Application) -> HttpResponse:
    """Show a whole draft as it is saved now, to whoever reads or writes it."""
    snapshot = snapshot_of(application)
    return draft_response(
        request,
        "applications/read.html",
        snapshot,
        "read",
        content=content_of(snapshot),
        attachments=snapshot.attachments,
        copies=copies_shown(application, request.user),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@room_page
def collaborators(request: SignedInRequest, application: Application) -> HttpResponse:
    """Show who writes and reads a draft, and invite somebody."""
    snapshot = snapshot_of(application)
    people = list(collaborators_of(application))
    form = CollaboratorForm(
        request.POST if request.method == "POST" else None,
        members=snapshot.members,
        people=snapshot.people,
        writing=snapshot.mailboxes_of_lead | {mailbox(each.email) for each in people if each.state in LIVING},
    )
    if form.is_valid() and (invited := _invited(request, application, form)) is not None:
        messages.success(
            request,
            _("The invitation is on its way to %(name)s, %(email)s.")
            % {"name": invited.name, "email": invited.email},
        )
        return redirect("applications:collaborators", application.reference)
    return draft_response(
        request,
        "applications/collaborators.html",
        snapshot,
        "collaborators",
        status=422 if form.errors else 200,
        form=form,
        has_begun=False,
        may_invite=application.is_spoken_for,  # type: ignore[attr-defined]
        people=_in_words(people),
    )


def _invited(
    request: SignedInRequest, application: Application, form: CollaboratorForm
) -> Collaborator | None:
    values = form.cleaned_data
    try:
        return collaborating.invite_collaborator(
            application_id=application.pk,
            name=values["name"],
            email=values["email"],
            right=CollaboratorRight(values["right"]),
            participation_id=int(values["participation"]) if values["participation"] else None,
            actor=request.user,
            at=whole_at(request),
        )
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return None


def _in_words(people: Iterable[Collaborator]) -> list[dict[str, object]]:
    """Return who was invited, each with what can still be done."""
    return [
        {
            "row": each,
            "is_living": each.state in LIVING,
            "other_right": CollaboratorRight.READ
            if each.right == CollaboratorRight.WRITE
            else CollaboratorRight.WRITE,
        }
        for each in people
    ]


@require_POST
@room_page
def change_right(request: SignedInRequest, application: Application, collaborator_key: UUID) -> HttpResponse:
    """Let somebody write too, or read only."""
    found = get_object_or_404(application.collaborators, key=collaborator_key)
    right = request.POST.get("right", "")
    if right in CollaboratorRight.values:
        try:
            collaborating.change_right(
                key=found.key, right=CollaboratorRight(right), actor=request.user, at=request.received_at
            )
        except RuleViolation as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Saved."))
    return redirect("applications:collaborators", application.reference)


@require_POST
@room_page
def end(request: SignedInRequest, application: Application, collaborator_key: UUID) -> HttpResponse:
    """End that somebody takes part, take an invitation back, or leave oneself."""
    found = get_object_or_404(application.collaborators, key=collaborator_key)
    try:
        ended = collaborating.end_collaboration(key=found.key, actor=request.user, at=request.received_at)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:collaborators", application.reference)
    if ended.has_left:
        messages.success(request, _("You no longer take part in this application. What you wrote stays."))
        return redirect("applications:list")
    messages.success(request, _("%(name)s no longer takes part.") % {"name": found.name})
    return redirect(_came_from(request), application.reference)


def _came_from(request: SignedInRequest) -> str:
    """Return the page with the button that was pressed: the coalition, or who writes along."""
    return (
        "applications:coalition" if request.POST.get("from") == "coalition" else "applications:collaborators"
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: SignedInRequest, collaborator_key: UUID) -> HttpResponse:
    """Show whoever was invited what they are asked, and take their answer; 404 for anybody else."""
    invited = get_object_or_404(invited_at_mailbox_of(request.user), key=collaborator_key)
    form = DeclineForm(request.POST if request.POST.get("answer") in {"accept", "decline"} else None)
    if form.is_valid():
        return _answered(request, invited, form)
    if invited.state == CollaborationState.JOINED and invited.application.is_draft:
        return redirect("applications:overview", invited.application.reference)
    is_open = invited.state == CollaborationState.INVITED and invited.application.is_draft
    if is_open and request.method == "GET" and invited.opened_at is None:
        note_invitation_opened(key=invited.key, actor=request.user, at=request.received_at)
    context = {
        "invited": invited,
        "application": invited.application,
        "is_open": is_open,
        "form": form,
        "maps_region": may_map.allows(request.user, invited.application.coalition.region),
    }
    status = 410 if not is_open else 422 if form.errors else 200
    return render(request, "applications/invitation.html", context, status=status)


def _answered(request: SignedInRequest, invited: Collaborator, form: DeclineForm) -> HttpResponse:
    is_yes = request.POST["answer"] == "accept"
    at, reason = whole_at(request), form.cleaned_data["reason"]
    try:
        if is_yes:
            collaborating.accept_invitation(key=invited.key, actor=request.user, at=at)
        else:
            collaborating.decline_invitation(key=invited.key, actor=request.user, at=at, reason=reason)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:list")
    if is_yes:
        messages.success(request, _("You take part now. What you write is saved as you type."))
        return redirect("applications:overview", invited.application.reference)
    messages.info(request, _("You declined. The lead organisation sees that."))
    return redirect("applications:list")
