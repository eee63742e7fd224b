"""The talks with a person."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hubportal.forms import add_violation
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest
from hubportal.next_page import asked_next
from hubportal.repeats import key_of
from hubportal.versions.saving import Kept, Saved, SaveOutcome, save_and_answer
from people.domain.talks import add_talk, change_talk, follow_up, remove_talk
from people.forms.talks import TalkForm, content_of
from people.models import PersonTalk
from people.queries import talk_now, talks_with
from people.views.people import person_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: SignedInRequest, slug: str, person_id: int) -> HttpResponse:
    """Write down a talk."""
    region, known = person_of(request, slug, person_id)
    if known.consented_at is None:
        return redirect("people:person", slug, known.pk)
    posted = request.POST if request.method == "POST" else None
    form = TalkForm(posted, is_new=True, initial={"held_on": local_date(request.received_at)})
    if form.is_valid():
        try:
            add_talk(
                person_id=known.pk,
                facts=form.facts(),
                added_with=key_of(request),
                actor=request.user,
                at=request.received_at,
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            messages.success(request, _("The talk has been saved."))
            return redirect("people:person", slug, known.pk)
    context = {"region": region, "person": known, "form": form, "key": key_of(request) or uuid4()}
    return render(request, "people/talk.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest, slug: str, person_id: int, talk_id: int) -> HttpResponse:
    """Change what was written down of a talk."""
    region, known = person_of(request, slug, person_id)
    talk = get_object_or_404(talks_with(known), pk=talk_id)
    form = TalkForm(
        request.POST if request.method == "POST" else None,
        initial={**content_of(talk), "seen_version": talk.version},
    )

    def act() -> Saved:
        changed = change_talk(
            talk_id=talk.pk,
            facts=form.facts(),
            seen_version=form.seen,
            actor=request.user,
            at=request.received_at,
        )
        return Saved(changed.version, changed.changed_at)

    def saved(_done: Saved) -> HttpResponse:
        messages.success(request, _("The talk has been saved."))
        return redirect("people:person", slug, known.pk)

    def page(outcome: SaveOutcome) -> HttpResponse:
        context: dict[str, Any] = {"region": region, "person": known, "talk": talk, "form": form}
        context["newer"] = outcome.newer
        return render(request, "people/talk.html", context, status=outcome.status)

    return save_and_answer(request, form, act=act, kept=lambda: _kept(talk), saved=saved, page=page)


def _kept(talk: PersonTalk) -> Kept | None:
    now = talk_now(talk)
    return Kept(now.version, content_of(now), now.changed_by, now.changed_at) if now else None


@login_required
@require_POST
def done(request: SignedInRequest, slug: str, person_id: int, talk_id: int) -> HttpResponse:
    """Note that the kwartiermaker came back to a talk."""
    _region, known = person_of(request, slug, person_id)
    talk = get_object_or_404(talks_with(known), pk=talk_id)
    try:
        follow_up(talk_id=talk.pk, actor=request.user, at=request.received_at)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted: you came back to this talk."))
    next_url = asked_next(request)
    return redirect(next_url) if next_url else redirect("people:person", slug, known.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: SignedInRequest, slug: str, person_id: int, talk_id: int) -> HttpResponse:
    """Show the talk once more, then remove it for good."""
    region, known = person_of(request, slug, person_id)
    talk = get_object_or_404(talks_with(known), pk=talk_id)
    if request.method == "POST":
        try:
            remove_talk(talk_id=talk.pk, actor=request.user, at=request.received_at)
        except RuleViolation as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The talk has been removed."))
        return redirect("people:person", slug, known.pk)
    return render(request, "people/remove_talk.html", {"region": region, "person": known, "talk": talk})
