"""The people of a region, as its kwartiermaker keeps them."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import visible
from hubportal.middleware import SignedInRequest, wants_json
from hubportal.paging import ROWS_PER_PAGE
from hubportal.repeats import key_of
from hubportal.versions.saving import Kept, Saved, SaveOutcome, save_and_answer, saved_in_words
from mapping.views.workspace import MOST_LETTERS, assigned_region
from people.domain.consenting import ask_again, can_be_asked, can_be_recorded, record_consent
from people.domain.keeping import add_person as write_down
from people.domain.keeping import change_person
from people.domain.terms import PURPOSE, agreed_until
from people.forms.people import ConsentRecordForm, PersonForm, ReachForm, WaitingForm, content_of
from people.models import MappedPerson
from people.permissions import may_keep
from people.queries import ends_soon, engagements_of, mail_that_failed, people_in, person_now, talks_with
from regions.models import Region


@login_required
@require_safe
def people(request: SignedInRequest, slug: str) -> HttpResponse:
    """List the people of a region by name, or those in whom something was found."""
    region = assigned_region(request, slug)
    search = visible(request.GET.get("zoek", "")).strip()[:MOST_LETTERS]
    page = Paginator(people_in(region, typed=search), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    rows = [(each, ends_soon(each, at=request.received_at)) for each in page]
    context = {"region": region, "page": page, "rows": rows, "search": search}
    return render(request, "people/people.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_person(request: SignedInRequest, slug: str) -> HttpResponse:
    """Write somebody down, and ask them by mail whether they may be kept."""
    region = assigned_region(request, slug)
    form = ReachForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            added = write_down(
                region=region,
                reach=form.reach(),
                added_with=key_of(request),
                actor=request.user,
                at=request.received_at,
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            # No name: a message stays in the browser until it is read.
            messages.success(
                request,
                _("We have asked this person by e-mail.")
                if added.email
                else _("Now ask this person, and write down here what they say."),
            )
            return redirect("people:person", slug, added.pk)
    context = {"region": region, "form": form, "key": key_of(request) or uuid4()}
    return render(request, "people/add_person.html", context, status=422 if form.errors else 200)


def person_of(request: SignedInRequest, slug: str, person_id: int) -> tuple[Region, MappedPerson]:
    """Return somebody of a region; 404 unless it is assigned to the kwartiermaker."""
    region = assigned_region(request, slug)
    allowed = people_in(region).filter(pk__in=may_keep.rows(request.user).values("pk"))
    return region, get_object_or_404(allowed.select_related("organisation", "added_by"), pk=person_id)


@login_required
@require_safe
def person(request: SignedInRequest, slug: str, person_id: int) -> HttpResponse:
    """Show all that is kept of somebody, and what can be done."""
    return person_page(request, *person_of(request, slug, person_id))


def person_page(
    request: SignedInRequest, region: Region, known: MappedPerson, *, refused: str = "", status: int = 200
) -> HttpResponse:
    """Show somebody; with why something was refused."""
    at = request.received_at
    talks = Paginator(talks_with(known), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "region": region,
        "person": known,
        "page": talks,
        "engagements": engagements_of(known),
        "consents": known.consents.select_related("recorded_by").order_by("-given_at", "-pk"),
        "ends_soon": ends_soon(known, at=at),
        "can_be_asked": can_be_asked(known),
        "can_be_recorded": can_be_recorded(known, at=at),
        "failed_mail": mail_that_failed(known),
        "refused": refused,
    }
    return render(request, "people/person.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest, slug: str, person_id: int) -> HttpResponse:
    """Change what is kept of somebody; saved while it is typed."""
    region, known = person_of(request, slug, person_id)
    kind = WaitingForm if known.consented_at is None else PersonForm
    form = kind(
        request.POST if request.method == "POST" else None,
        region=region,
        is_autosave=wants_json(request),
        initial={**content_of(known), "seen_version": known.version},
    )

    def act() -> Saved:
        changed = change_person(
            person_id=known.pk,
            reach=form.reach(),
            facts=form.facts(),
            seen_version=form.seen,
            actor=request.user,
            at=request.received_at,
        )
        return Saved(changed.version, changed.changed_at)

    def saved(_done: Saved) -> HttpResponse:
        messages.success(request, _("Your changes have been saved."))
        return redirect("people:person", slug, known.pk)

    def page(outcome: SaveOutcome) -> HttpResponse:
        context: dict[str, Any] = {
            "region": region,
            "person": known,
            "form": form,
            "newer": outcome.newer,
            "is_unsaved": outcome.status != 200,
            "saved_line": saved_in_words(known.changed_at, at=request.received_at),
        }
        return render(request, "people/change_person.html", context, status=outcome.status)

    answer = save_and_answer(request, form, act=act, kept=lambda: _kept(known), saved=saved, page=page)
    return _or_gone(request, answer, known)


def _or_gone(request: SignedInRequest, answer: HttpResponse, known: MappedPerson) -> HttpResponse:
    """Return an answer, which says of somebody who was erased on the way that the browser is to forget them too."""
    if answer.status_code == 422 and wants_json(request) and person_now(known) is None:
        answer.status_code = 410
    return answer


def _kept(known: MappedPerson) -> Kept | None:
    now = person_now(known)
    return Kept(now.version, content_of(now), now.changed_by, now.changed_at) if now else None


@login_required
@require_POST
def ask(request: SignedInRequest, slug: str, person_id: int) -> HttpResponse:
    """Mail the question once more."""
    region, known = person_of(request, slug, person_id)
    try:
        ask_again(person_id=known.pk, actor=request.user, at=request.received_at)
    except RuleViolation as refusal:
        return person_page(request, region, known, refused=str(refusal), status=409)
    messages.success(request, _("We have asked this person by e-mail."))
    return redirect("people:person", slug, known.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: SignedInRequest, slug: str, person_id: int) -> HttpResponse:
    """Record that somebody without an e-mail address agreed, with the text to read out."""
    region, known = person_of(request, slug, person_id)
    if not can_be_recorded(known, at=request.received_at):
        return redirect("people:person", slug, known.pk)
    form = ConsentRecordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            record_consent(person_id=known.pk, **form.facts(), actor=request.user, at=request.received_at)
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            messages.success(request, _("The consent has been recorded, with your name and the day."))
            return redirect("people:person", slug, known.pk)
    context = {
        "region": region,
        "person": known,
        "form": form,
        "purpose": PURPOSE,
        "until": agreed_until(request.received_at),
    }
    return render(request, "people/record_consent.html", context, status=422 if form.errors else 200)
