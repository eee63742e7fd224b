"""The participation questions of a region, as its kwartiermaker keeps them."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hubportal.middleware import SignedInRequest
from hubportal.paging import ROWS_PER_PAGE
from hubportal.repeats import key_of
from hubportal.versions.saving import Kept, Saved, SaveOutcome, save_and_answer
from mapping.domain.questions import save_question
from mapping.forms.questions import (
    EngagementRows,
    QuestionForm,
    WholeQuestion,
    involved,
    involved_in,
    question_facts,
)
from mapping.models import ParticipationQuestion
from mapping.queries import engagements_on_map, question_now, questions_in
from mapping.views.workspace import assigned_region
from organisations.queries import organisations_in
from regions.models import Region


@login_required
@require_safe
def questions(request: SignedInRequest, slug: str) -> HttpResponse:
    """List the questions of a region, those of the whole region first, then per municipality."""
    region = assigned_region(request, slug)
    listed = questions_in(region).prefetch_related(
        Prefetch(
            "engagements",
            engagements_on_map()
            .select_related("organisation")
            .order_by("organisation__sort_name", "organisation__map_key", "pk"),
        )
    )
    page = Paginator(listed, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "mapping/questions.html", {"region": region, "page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_question(request: SignedInRequest, slug: str) -> HttpResponse:
    """Add a question, with the organisations involved in it."""
    return _write(request, assigned_region(request, slug), None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: SignedInRequest, slug: str, question_id: int) -> HttpResponse:
    """Change a question, or the organisations involved in it."""
    region = assigned_region(request, slug)
    return _write(request, region, get_object_or_404(questions_in(region), pk=question_id))


def _engagements(question: ParticipationQuestion) -> list[dict[str, Any]]:
    shown = engagements_on_map().filter(question=question).select_related("organisation").order_by("pk")
    return [{"organisation": str(each.organisation.map_key), "form": each.form} for each in shown]


def _write(request: SignedInRequest, region: Region, known: ParticipationQuestion | None) -> HttpResponse:
    organisations = {str(each.map_key): each for each in organisations_in(region)}
    data = request.POST if request.method == "POST" else None
    initial = {**question_facts(known), "seen_version": known.version} if known else None
    form = QuestionForm(data, region=region, is_new=known is None, initial=initial)
    rows = EngagementRows(
        data,
        prefix="betrokken",
        initial=_engagements(known) if known and data is None else None,
        form_kwargs={"organisations": organisations},
    )

    def act() -> Saved:
        saved = save_question(
            region=region,
            **form.facts(),
            forms=involved(rows, organisations),
            actor=request.user,
            at=request.received_at,
            question_id=known.pk if known else None,
            seen_version=form.seen if known else None,
            added_with=key_of(request),
        )
        return Saved(saved.version, request.received_at)

    def saved(_done: Saved) -> HttpResponse:
        messages.success(request, _("The question has been saved."))
        return redirect("mapping:questions", region.slug)

    def page(outcome: SaveOutcome) -> HttpResponse:
        context: dict[str, Any] = {"region": region, "question": known, "form": form, "rows": rows}
        context |= {"newer": outcome.newer, "key": key_of(request) or uuid4()}
        return render(request, "mapping/question.html", context, status=outcome.status)

    whole, kept = WholeQuestion(form, rows), lambda: _kept(known) if known else None
    return save_and_answer(request, whole, act=act, kept=kept, saved=saved, page=page)


def _kept(question: ParticipationQuestion) -> Kept:
    now = question_now(question)
    content = (question_facts(now), involved_in(now))
    return Kept(now.version, content, now.changed_by or now.created_by, now.changed_at or now.created_at)
