"""The matrix of questions and organisations, and the page of one cell."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hubportal.middleware import SignedInRequest
from hubportal.next_page import asked_next
from hubportal.versions.saving import Kept, Saved, SaveOutcome, save_and_answer
from mapping.domain.engagements import write_engagement
from mapping.domain.involvement import parts_of
from mapping.forms.engagements import InvolvementForm, content_of
from mapping.models import ParticipationQuestion
from mapping.queries import question_now, questions_in
from mapping.question_queries import engagement_in, engagements_in, organisations_called
from mapping.views.matrix import Fact, Party, Whose, anchor_of, matrix_page, searched
from mapping.views.workspace import assigned_region
from organisations.models import Organisation
from organisations.queries import organisations_in


@login_required
@require_safe
def matrix(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show which organisations are involved in which questions, and in which forms."""
    region = assigned_region(request, slug)
    named = organisations_called(region, searched(request)).values_list("map_key", "name")
    known = engagements_in(region).values_list("question", "organisation__map_key", "form", "until_on")
    whose = Whose(
        current="organisations",
        parties=[Party(str(key), name) for key, name in named],
        facts=[Fact(question, str(key), form, until) for question, key, form, until in known],
        page_of=lambda party: reverse("mapping:organisation", args=[region.slug, party]),
        cell_of=lambda question, party: reverse("mapping:engagement", args=[region.slug, question, party]),
    )
    return matrix_page(request, region, whose)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def engagement(request: SignedInRequest, slug: str, question_id: int, organisation_key: UUID) -> HttpResponse:
    """Show and change in which forms an organisation is involved in a question."""
    region = assigned_region(request, slug)
    question = get_object_or_404(questions_in(region), pk=question_id)
    organisation = get_object_or_404(organisations_in(region), map_key=organisation_key)
    form = InvolvementForm(
        request.POST if request.method == "POST" else None,
        initial={**_content(question, organisation), "seen_version": question.version},
    )
    leave = cell_address(
        request, reverse("mapping:matrix", args=[slug]), question.pk, str(organisation.map_key)
    )

    def act() -> Saved:
        saved = write_engagement(
            question_id=question.pk,
            organisation_id=organisation.pk,
            region=region,
            parts=form.parts(),
            seen_version=form.seen,
            actor=request.user,
            at=request.received_at,
        )
        return Saved(saved.version, request.received_at)

    def saved(_done: Saved) -> HttpResponse:
        messages.success(request, _("The involvement has been saved."))
        return redirect(leave)

    def page(outcome: SaveOutcome) -> HttpResponse:
        context: dict[str, Any] = {"region": region, "question": question, "name": organisation.name}
        context |= {"form": form, "newer": outcome.newer, "leave": leave, "next": asked_next(request)}
        return render(request, "mapping/engagement.html", context, status=outcome.status)

    return save_and_answer(
        request, form, act=act, kept=lambda: _kept(question, organisation), saved=saved, page=page
    )


def cell_address(request: SignedInRequest, matrix: str, question_id: int, party: str) -> str:
    """Return the address of a cell in the matrix, as it was filtered when the person left it."""
    return f"{(asked_next(request) or matrix).partition('#')[0]}#{anchor_of(question_id, party)}"


def _content(question: ParticipationQuestion, organisation: Organisation) -> dict[str, Any]:
    return content_of(parts_of(engagement_in(question, organisation)))


def _kept(question: ParticipationQuestion, organisation: Organisation) -> Kept:
    now = question_now(question)
    changed_by, changed_at = now.changed_by or now.created_by, now.changed_at or now.created_at
    return Kept(now.version, _content(now, organisation), changed_by, changed_at)
