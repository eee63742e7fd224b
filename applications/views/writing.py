"""Writing a draft: title and dates, people, and the sections; a script of ours saves while somebody types (rule 12)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from applications.domain.drafting import save_particulars, save_people, save_section
from applications.domain.snapshot import snapshot_of
from applications.forms.writing import (
    ParticularsForm,
    PeopleForm,
    SectionForm,
    excess_in_words,
    length_in_words,
)
from applications.models import Application
from applications.queries.content import particulars_now, people_now, section_now
from applications.queries.goals import questions_beside
from applications.views.access import draft_page, led_page
from applications.views.helping import help_at
from applications.views.presence import others_here
from applications.views.saving import saved_response, typed_response
from applications.views.steps import section_key
from applications.views.submission_window import submission_window_of
from calls.models import SectionSpec
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import NotAllowed
from hubportal.middleware import SignedInRequest, wants_json, whole_at
from hubportal.versions.saving import Kept, Saved, SaveOutcome, save_and_answer, save_for_script


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def particulars(request: SignedInRequest, application: Application) -> HttpResponse:
    """Write title, first day and duration."""
    form = ParticularsForm(
        request.POST if request.method == "POST" else None,
        initial={**_particulars_of(application), "seen_version": application.particulars_version},
        call=application.call,
    )

    def act() -> Saved:
        done = save_particulars(
            application_id=application.pk,
            **form.typed,
            seen_version=form.seen,
            begins=form.is_over,
            actor=request.user,
            at=whole_at(request),
        )
        return Saved(done.particulars_version, done.particulars_saved_at)

    return save_and_answer(
        request,
        form,
        act=act,
        kept=partial(_kept_particulars, application),
        saved=lambda _done: saved_response(request, application, "particulars"),
        page=partial(_particulars_page, request, application, form),
    )


def _particulars_page(
    request: SignedInRequest, application: Application, form: ParticularsForm, outcome: SaveOutcome
) -> HttpResponse:
    review_round = submission_window_of(application.call, at=request.received_at).review_round
    if review_round:
        form.tell_earliest_start(review_round.award_expected_on)
    return typed_response(
        request,
        "applications/particulars.html",
        snapshot_of(application),
        "particulars",
        outcome,
        saved_at=application.particulars_saved_at if application.particulars_version > 1 else None,
        form=form,
    )


def _kept_particulars(application: Application) -> Kept:
    now = particulars_now(application)
    return Kept(
        now.particulars_version, _particulars_of(now), now.particulars_saved_by, now.particulars_saved_at
    )


def _particulars_of(application: Application) -> dict[str, Any]:
    return {name: getattr(application, name) for name in ParticularsForm.names()}


@require_http_methods(["GET", "HEAD", "POST"])
@led_page
def people(request: SignedInRequest, application: Application) -> HttpResponse:
    """Name main applicant, authorised signatory and project leader (rule 10)."""
    kept = application.people
    form = PeopleForm(
        request.POST if request.method == "POST" else None,
        initial={**PeopleForm.shown(kept), "seen_version": kept.version},
        application=application,
    )

    def act() -> Saved:
        done = save_people(
            application_id=application.pk,
            values=form.typed,
            seen_version=form.seen,
            actor=request.user,
            at=whole_at(request),
        )
        return Saved(done.version, done.saved_at)

    def page(outcome: SaveOutcome) -> HttpResponse:
        return typed_response(
            request,
            "applications/people.html",
            snapshot_of(application),
            "people",
            outcome,
            # A draft starts with its main applicant.
            saved_at=kept.saved_at if kept.version > 1 else None,
            form=form,
        )

    return save_and_answer(
        request,
        form,
        act=act,
        kept=partial(_kept_people, application),
        saved=lambda _done: saved_response(request, application, "people"),
        page=page,
    )


def _kept_people(application: Application) -> Kept:
    now = people_now(application)
    return Kept(now.version, PeopleForm.kept(now), now.saved_by, now.saved_at)


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: SignedInRequest, reference: str, key: str) -> HttpResponse:
    """Write one section."""
    if request.method == "POST" and wants_json(request) and request.user.is_authenticated:
        # The act finds the section itself, since this comes every few seconds.
        form = SectionForm(request.POST)
        act, kept = _acting(request, reference, key, form)
        here = partial(others_here, request, reference, key)
        return save_for_script(request, form, act=act, kept=kept, others=here)
    return _section(request, reference, key)


@draft_page
def _section(request: SignedInRequest, application: Application, key: str) -> HttpResponse:
    form = SectionForm(request.POST if request.method == "POST" else None)
    act, kept = _acting(request, application.reference, key, form)
    return save_and_answer(
        request,
        form,
        act=act,
        kept=kept,
        saved=lambda _done: saved_response(request, application, section_key(key)),
        page=partial(section_page, request, application, key, form),
    )


def _acting(
    request: SignedInRequest, reference: str, key: str, form: SectionForm
) -> tuple[Callable[[], Saved], Callable[[], Kept | None]]:
    """Return the functions that save a section and read its saved version."""

    def act() -> Saved:
        try:
            done = save_section(
                reference=reference,
                key=key,
                **form.typed,
                seen_version=form.seen,
                begins=form.is_over,
                actor=request.user,
                at=whole_at(request),
            )
        except (NotAllowed, ObjectDoesNotExist) as unknown:
            raise Http404 from unknown
        return Saved(done.version, done.saved_at)

    return act, partial(kept_section, reference, key, form)


def kept_section(reference: str, key: str, form: SectionForm) -> Kept | None:
    """Return what is saved of a section, and let the form ask its question; ``None`` while it is empty."""
    now = section_now(reference, key)
    if now is None:
        return None
    form.ask(now.spec)
    return Kept(now.version, {"text": now.text}, now.saved_by, now.saved_at)


def section_page(
    request: SignedInRequest, application: Application, key: str, form: SectionForm, outcome: SaveOutcome
) -> HttpResponse:
    """Return the page of a section with what was typed; 404 for one that the call does not have."""
    snapshot = snapshot_of(application, people=application.people, helped=key)
    spec = next((each for each in snapshot.specs if each.key == key), None)
    if spec is None:
        raise Http404
    kept = snapshot.sections.get(spec.pk)
    form.show(spec, kept)
    return typed_response(
        request,
        "applications/section.html",
        snapshot,
        section_key(spec.key),
        outcome,
        saved_at=kept.saved_at if kept else None,
        form=form,
        spec=spec,
        help=help_at(spec),
        others_here=others_here(request, application.reference, key),
        **_lengths(len(form["text"].value() or ""), spec.max_characters),
        **_questions(request, application, spec),
    )


def _lengths(length: int, limit: int) -> dict[str, Any]:
    """Return how long the text is, and how the script of the page says it while somebody types."""
    return {
        "is_too_long": length > limit,
        "length": excess_in_words(length, length - limit)
        if length > limit
        else length_in_words(length, limit),
        "length_of_one": length_in_words(1, limit, shown="{count}"),
        "length_of_many": length_in_words(2, limit, shown="{count}"),
        "length_of_excess": excess_in_words("{count}", "{over}"),
    }


def _questions(request: SignedInRequest, application: Application, spec: SectionSpec) -> dict[str, Any]:
    """Return which questions of the region a section took up, and which it can take up beside them."""
    if not spec.offers_questions:
        return {}
    beside = questions_beside(application, spec, today=local_date(request.received_at))
    return {"goals": beside.goals, "offered": beside.offered}
