"""The matrix of questions and people, and the page of one cell."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hubportal.middleware import SignedInRequest
from hubportal.next_page import asked_next
from hubportal.versions.saving import Kept, Saved, SaveOutcome, save_and_answer
from mapping.domain.involvement import parts_of
from mapping.forms.engagements import content_of
from mapping.models import ParticipationQuestion
from mapping.queries import questions_in
from mapping.views.engagements import cell_address
from mapping.views.matrix import Fact, Party, Whose, matrix_page, searched
from mapping.views.workspace import assigned_region
from people.domain.engagements import write_person_engagement
from people.forms.engagements import PersonInvolvementForm
from people.models import MappedPerson
from people.queries import engagements_in, engagements_of, people_who_agreed, person_now
from people.views.people import person_of


@login_required
@require_safe
def matrix(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show which people take part in which questions of a region, and in which forms."""
    region = assigned_region(request, slug)
    named = people_who_agreed(region, searched(request)).values_list("pk", "name")
    known = engagements_in(region).values_list("question", "person", "form", "until_on")
    whose = Whose(
        current="people",
        parties=[Party(str(pk), name) for pk, name in named],
        facts=[Fact(question, str(person), form, until) for question, person, form, until in known],
        page_of=lambda party: reverse("people:person", args=[region.slug, party]),
        cell_of=lambda question, party: reverse("people:engagement", args=[region.slug, question, party]),
    )
    return matrix_page(request, region, whose)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def engagement(request: SignedInRequest, slug: str, question_id: int, person_id: int) -> HttpResponse:
    """Show and change in which forms somebody takes part in a question."""
    region, known = person_of(request, slug, person_id)
    question = get_object_or_404(questions_in(region), pk=question_id)
    if known.consented_at is None:
        raise Http404
    form = PersonInvolvementForm(
        request.POST if request.method == "POST" else None,
        initial={**_content(known, question), "seen_version": known.version},
    )
    leave = cell_address(request, reverse("people:matrix", args=[slug]), question.pk, str(known.pk))

    def act() -> Saved:
        changed = write_person_engagement(
            person_id=known.pk,
            question_id=question.pk,
            parts=form.parts(),
            seen_version=form.seen,
            actor=request.user,
            at=request.received_at,
        )
        return Saved(changed.version, changed.changed_at)

    def saved(_done: Saved) -> HttpResponse:
        messages.success(request, _("The involvement has been saved."))
        return redirect(leave)

    def page(outcome: SaveOutcome) -> HttpResponse:
        context: dict[str, Any] = {"region": region, "question": question, "name": known.name}
        context |= {"form": form, "newer": outcome.newer, "leave": leave, "next": asked_next(request)}
        context["is_person"] = True
        return render(request, "mapping/engagement.html", context, status=outcome.status)

    return save_and_answer(
        request, form, act=act, kept=lambda: _kept(known, question), saved=saved, page=page
    )


def _content(person: MappedPerson, question: ParticipationQuestion) -> dict[str, Any]:
    return content_of(parts_of(engagements_of(person).filter(question=question)))


def _kept(person: MappedPerson, question: ParticipationQuestion) -> Kept | None:
    now = person_now(person)
    return Kept(now.version, _content(now, question), now.changed_by, now.changed_at) if now else None
