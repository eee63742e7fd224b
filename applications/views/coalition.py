"""The coalition of a draft on one page: who takes part, where everything stands, whose turn it is, and what happened last."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from applications.domain.collaborating import invite_collaborator
from applications.domain.consent_states import ConsentState, consent_states
from applications.domain.nudging import remind_the_silent, silent_ones
from applications.domain.snapshot import Snapshot, snapshot_of
from applications.enums import CollaborationState, CollaboratorRight
from applications.models import Application, Collaborator
from applications.queries.collaborators import collaborators_of
from applications.queries.parties import people_in_room
from applications.queries.tasks import due_on_of
from applications.views.access import room_page
from applications.views.asking import asked_to_consent
from applications.views.happened import latest, writers_in
from applications.views.status_wording import day_and_time
from applications.views.steps import draft_response
from applications.views.taking_part import (
    MAILS,
    Mails,
    Member,
    as_told_to_others,
    invited_person,
    share_of,
    speakers_shown,
    streams_of,
    told_of_request,
)
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.languages import dutch
from hubportal.mail.enums import MailStatus
from hubportal.mail.queries import latest_mails
from hubportal.middleware import SignedInRequest, whole_at
from mapping.agreement_queries import agreements_of


@require_safe
@room_page
def room(request: SignedInRequest, application: Application) -> HttpResponse:
    """Show the coalition of a draft to everybody who reads it, without what they may not know (rule 26)."""
    snapshot = snapshot_of(application, people=application.people)
    collaborators = list(collaborators_of(application))
    contact_id = application.contact_id or application.created_by_id
    people = list(people_in_room(application, writers_in(snapshot) | {contact_id}))
    mails = latest_mails(application.reference, MAILS) if _may_ask(application) else {}
    return draft_response(
        request,
        "applications/coalition.html",
        snapshot,
        "coalition",
        has_begun=False,
        members=_members(request, snapshot, collaborators, people, mails),
        helpers=[
            invited_person(each, viewer=request.user, mails=mails, may_ask=_may_ask(application))
            for each in collaborators
            if each.participation_id is None
        ],
        tasks=[{**each, "due_on": due_on_of(each)} for each in application.open_tasks],  # type: ignore[attr-defined]
        contact=next(each.full_name for each in people if each.pk == contact_id),
        happened=latest(snapshot, collaborators, names={each.pk: each.full_name for each in people}),
        reminding=_reminding(request, snapshot, collaborators, mails) if _may_ask(application) else None,
    )


def _may_ask(application: Application) -> bool:
    return bool(application.is_spoken_for)  # type: ignore[attr-defined]


def _members(
    request: SignedInRequest,
    snapshot: Snapshot,
    collaborators: list[Collaborator],
    people: list[Any],
    mails: Mails,
) -> list[Member]:
    public = {each.organisation_id for each in snapshot.members if each.organisation.published_at}
    streams = streams_of(snapshot, agreements_of(public) if public else {})
    states = {each.participation.pk: each for each in consent_states(snapshot)}
    members = []
    for place in snapshot.members:
        share, percentage = share_of(snapshot, place)
        of_lead = speakers_shown(people, snapshot, collaborators) if place.is_lead else []
        along = [
            invited_person(each, viewer=request.user, mails=mails, may_ask=_may_ask(snapshot.application))
            for each in collaborators
            if each.participation_id == place.pk
        ]
        name = dutch(place.stated_name)
        member = Member(place, name, streams.get(place.pk, []), share, percentage, [*of_lead, *along])
        members.append(
            member if place.is_lead else _partner(request, snapshot, member, states[place.pk], mails)
        )
    return members


def _partner(
    request: SignedInRequest, snapshot: Snapshot, member: Member, state: ConsentState, mails: Mails
) -> Member:
    at = request.received_at
    asked = asked_to_consent(
        snapshot.application, state, at=at, next_url=request.path, returned=_returned(mails)
    )
    if not _may_ask(snapshot.application):
        return as_told_to_others(member, state, asked, at=at)
    told = told_of_request(state.link, mails, at=at)
    return replace(
        member,
        asked=asked,
        label=asked.state.label,
        kind=asked.state.kind,
        told=told,
        changes_url=asked.changes_url,
    )


def _returned(mails: Mails) -> dict[tuple[str, str], datetime]:
    back = {key: each.bounced_at for key, each in mails.items() if each.status == MailStatus.BOUNCED}
    return {key: moment for key, moment in back.items() if moment is not None}


def _reminding(
    request: SignedInRequest, snapshot: Snapshot, collaborators: list[Collaborator], mails: Mails
) -> dict[str, Any]:
    """Return how many can be reminded now, and from when on the next of those who were asked lately."""
    silent = silent_ones(
        snapshot.links.values(), collaborators, returned=_returned(mails), at=request.received_at
    )
    due = [each for each in silent if each.is_due(at=request.received_at)]
    later = min((each.due_at for each in silent if each not in due), default=None)
    return {
        "silent": len(silent),
        "due": len(due),
        "later": day_and_time(later) if later else "",
    }


@require_POST
@room_page
def remind(request: SignedInRequest, application: Application) -> HttpResponse:
    """Remind who did not answer yet."""
    try:
        reminded = remind_the_silent(application_id=application.pk, actor=request.user, at=whole_at(request))
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:coalition", application.reference)
    if reminded:
        number = len(reminded)
        words = ngettext("The reminder is on its way.", "%(number)d reminders are on their way.", number)
        messages.success(request, words % {"number": number})
    else:
        messages.info(
            request, _("Nobody was reminded: everybody was asked or reminded in the last two days.")
        )
    return redirect("applications:coalition", application.reference)


@require_POST
@room_page
def invite_again(request: SignedInRequest, application: Application, collaborator_key: UUID) -> HttpResponse:
    """Send an invitation that was not answered once more."""
    found = get_object_or_404(
        application.collaborators, key=collaborator_key, state=CollaborationState.INVITED
    )
    try:
        invited = invite_collaborator(
            application_id=application.pk,
            name=found.name,
            email=found.email,
            right=CollaboratorRight(found.right),
            participation_id=found.participation_id,
            actor=request.user,
            at=whole_at(request),
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        told = _("The invitation is on its way to %(name)s, %(email)s.")
        messages.success(request, told % {"name": invited.name, "email": invited.email})
    return redirect("applications:coalition", application.reference)
