"""Writing a draft: title and dates, people, and the sections (rule 12)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.domain.drafting import save_particulars, save_people, save_section
from applications.domain.locking import NewerVersion
from applications.domain.snapshot import Snapshot, snapshot_of
from applications.forms.writing import (
    ParticularsForm,
    PeopleForm,
    SectionForm,
    excess_in_words,
    length_in_words,
)
from applications.models import Application, ApplicationPeople, ApplicationSection
from applications.views.opening import draft_page, logged_out, wants_json
from applications.views.standing import standing_of
from applications.views.steps import draft_response, progress_of, section_key
from hubportal.forms import add_violation
from hubportal.kernel.dates import day_in_words
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.middleware import SignedInRequest


@dataclass(frozen=True)
class Difference:
    """One field of which somebody else saved another value: what is there now, and what was typed."""

    label: str
    now: str
    typed: str


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def particulars(request: SignedInRequest, application: Application) -> HttpResponse:
    """Write title, first day and duration."""
    review_round = standing_of(application.call, at=request.received_at).review_round
    form = ParticularsForm(
        request.POST if request.method == "POST" else None,
        initial={**_particulars_of(application), "seen_version": application.version},
        call=application.call,
        earliest_start=review_round.award_expected_on if review_round else None,
    )
    differences: list[Difference] = []
    if form.is_valid():
        try:
            save_particulars(
                application_id=application.pk, actor=request.user, at=request.received_at, **form.cleaned_data
            )
        except NewerVersion as newer:
            application.refresh_from_db(fields=["title", "starts_on", "duration_months", "version"])
            differences = _differences(form, _particulars_of(application))
            if not differences:
                return saved(request, application, "particulars")
            form.show_version(application.version)
            add_violation(form, newer)
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            return saved(request, application, "particulars")
    has_begun = any(_particulars_of(application).values())
    return _written(request, application, "particulars", form, differences, has_begun=has_begun)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def people(request: SignedInRequest, application: Application) -> HttpResponse:
    """Name main applicant, authorised signatory and project leader (rule 10)."""
    form = PeopleForm(
        request.POST if request.method == "POST" else None,
        initial={**PeopleForm.shown(application.people), "seen_version": application.version},
        application=application,
    )
    differences: list[Difference] = []
    if form.is_valid():
        values = dict(form.cleaned_data)
        seen_version = values.pop("seen_version")
        try:
            save_people(
                application_id=application.pk,
                values=values,
                seen_version=seen_version,
                actor=request.user,
                at=request.received_at,
            )
        except NewerVersion as newer:
            application.refresh_from_db(fields=["version", "people"])
            differences = _differences(form, _people_of(application))
            if not differences:
                return saved(request, application, "people")
            form.show_version(application.version)
            add_violation(form, newer)
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            return saved(request, application, "people")
    has_begun = _names_another(application.people)
    return _written(request, application, "people", form, differences, has_begun=has_begun)


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: SignedInRequest, reference: str, key: str) -> HttpResponse:
    """Write one section; a script of ours saves it while somebody types."""
    is_typing = request.method == "POST" and wants_json(request)
    return _autosave(request, reference, key) if is_typing else _section(request, reference, key)


def _autosave(request: SignedInRequest, reference: str, key: str) -> HttpResponse:
    """Save what is typed so far; the act finds the section itself, since this comes every few seconds."""
    if not request.user.is_authenticated:
        return logged_out(request)
    form, is_conflict = SectionForm(request.POST), False
    if form.is_valid():
        try:
            kept = _save_section(request, reference, key, form)
        except (NotAllowed, ObjectDoesNotExist) as unknown:
            raise Http404 from unknown
        except RuleViolation as refusal:
            is_conflict = isinstance(refusal, NewerVersion)
            add_violation(form, refusal)
        else:
            return _kept(kept)
    return _not_kept(form, is_conflict=is_conflict)


def _save_section(
    request: SignedInRequest, reference: str, key: str, form: SectionForm
) -> ApplicationSection:
    return save_section(
        reference=reference, key=key, actor=request.user, at=request.received_at, **form.cleaned_data
    )


@draft_page
def _section(request: SignedInRequest, application: Application, key: str) -> HttpResponse:
    form, conflict = SectionForm(request.POST if request.method == "POST" else None), False
    if form.is_valid():
        try:
            _save_section(request, application.reference, key, form)
        except ObjectDoesNotExist as unknown:
            raise Http404 from unknown
        except RuleViolation as refusal:
            conflict = isinstance(refusal, NewerVersion)
            add_violation(form, refusal)
        else:
            return saved(request, application, section_key(key))
    return _section_page(request, snapshot_of(application), key, form, is_conflict=conflict)


def _section_page(
    request: SignedInRequest, snapshot: Snapshot, key: str, form: SectionForm, *, is_conflict: bool
) -> HttpResponse:
    spec = next((each for each in snapshot.specs if each.key == key), None)
    if spec is None:
        raise Http404
    kept = snapshot.sections.get(spec.pk)
    form.show(spec, kept)
    conflict = kept if is_conflict else None
    if conflict is not None:
        form.show_version(conflict.version)
    length, most = len(form["text"].value() or ""), spec.most_characters
    return draft_response(
        request,
        "applications/section.html",
        snapshot,
        section_key(spec.key),
        status=_status(form),
        form=form,
        spec=spec,
        kept=kept,
        conflict=conflict,
        has_begun=kept is not None and not form.errors,
        saved_at=saved_at_in_words(kept) if kept else "",
        is_too_long=length > most,
        length=excess_in_words(length, length - most) if length > most else length_in_words(length, most),
        length_of_one=length_in_words(1, most, shown="{count}"),
        length_of_many=length_in_words(2, most, shown="{count}"),
        length_of_excess=excess_in_words("{count}", "{over}"),
    )


def saved(request: SignedInRequest, application: Application, step: str) -> HttpResponse:
    """Say that the draft was saved, which is not submitted (rule 13), and go on or stay as was asked.

    Who goes on is told what the page behind them still lacks; who stays reads it there.
    """
    messages.info(request, _("Saved in your draft. Nothing is submitted yet."))
    if "stay" in request.POST:
        return redirect(request.get_full_path())
    application.refresh_from_db()
    progress = progress_of(snapshot_of(application), at=request.received_at)
    if missing := progress.missing_in(step):
        title = next(each.title for each in progress.steps if each.key == step)
        sentences = " ".join(str(each.sentence) for each in missing)
        messages.warning(
            request,
            _("Still needed at “%(title)s”: %(sentences)s") % {"title": title, "sentences": sentences},
        )
    following = progress.after(step)
    if following is None:
        return redirect("applications:overview", application.reference)
    return redirect(following.url)


def saved_at_in_words(kept: ApplicationSection) -> str:
    """Return when a section was saved, as the page says it."""
    return _("Saved at %(time)s") % {"time": date_format(localtime(kept.saved_at), "H:i")}


def _kept(kept: ApplicationSection) -> JsonResponse:
    return JsonResponse({"version": kept.version, "message": saved_at_in_words(kept)})


def _not_kept(form: SectionForm, *, is_conflict: bool) -> JsonResponse:
    sentences = [str(each) for errors in form.errors.values() for each in errors]
    return JsonResponse({"message": " ".join(sentences)}, status=409 if is_conflict else 422)


def _written(
    request: SignedInRequest,
    application: Application,
    step: str,
    form: forms.Form,
    differences: list[Difference],
    *,
    has_begun: bool,
) -> HttpResponse:
    return draft_response(
        request,
        f"applications/{step}.html",
        snapshot_of(application),
        step,
        status=_status(form),
        form=form,
        differences=differences,
        has_begun=has_begun and not form.errors,
    )


def _status(form: forms.Form) -> int:
    return 422 if form.errors else 200


def _particulars_of(application: Application) -> dict[str, Any]:
    return {name: getattr(application, name) for name in ("title", "starts_on", "duration_months")}


def _names_another(people: ApplicationPeople) -> bool:
    """Tell whether more was filled in than what a draft starts with, the main applicant."""
    return any((people.signatory_name, people.signatory_email, people.leader_name, people.leader_email))


def _people_of(application: Application) -> dict[str, Any]:
    names: Iterable[str] = PeopleForm.base_fields
    return {name: getattr(application.people, name) for name in names if name != "seen_version"}


def _differences(form: forms.Form, now: dict[str, Any]) -> list[Difference]:
    """Return where what was typed differs from what is kept now."""
    return [
        Difference(str(form.fields[name].label), _shown(value), _shown(form.cleaned_data[name]))
        for name, value in now.items()
        if value != form.cleaned_data[name]
    ]


def _shown(value: Any) -> str:
    if value in {None, ""}:
        return "–"
    return day_in_words(value) if hasattr(value, "strftime") else str(value)
