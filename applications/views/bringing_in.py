"""Bringing a form that was filled in outside the portal into a draft: shown section by section, and saved as ticked (rule 32)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.domain.bringing_in import BroughtIn, read_form
from applications.domain.drafting import save_section
from applications.domain.snapshot import Snapshot, snapshot_of
from applications.forms.bringing_in import FilledFormForm, FoundSectionForm
from applications.forms.writing import excess_in_words
from applications.models import Application
from applications.views.access import draft_page, or_404
from applications.views.steps import draft_response
from applications.views.writing import kept_section
from calls.models import SectionSpec
from calls.queries import has_word_form
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.languages import dutch, filled_in
from hubportal.middleware import SignedInRequest, whole_at
from hubportal.versions.comparing import Difference
from hubportal.versions.saving import Newer, Saved, SaveOutcome, attempt

# What was taken over last, of this session: the overview tells it to the device that may have it too.
TAKEN_OVER = "taken_over"
# The page of the steps that this is not one of.
_HERE = "filled_form"


@dataclass(frozen=True)
class FoundSection:
    """A section of which a text was brought in, as the page shows it."""

    spec: SectionSpec
    form: FoundSectionForm
    # Where the draft has another text; and whether it has this one already.
    difference: Difference | None
    is_same: bool
    outcome: SaveOutcome | None = None

    @property
    def newer(self) -> Newer | None:
        """Return the newer version that was met, if any."""
        return self.outcome.newer if self.outcome else None

    @property
    def excess(self) -> str:
        """Return by how much the text is too long to be submitted, in words; nothing where it is not."""
        length = len(self.form["text"].value() or "")
        over = length - self.spec.max_characters
        return excess_in_words(length, over) if over > 0 else ""


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def bring_in(request: SignedInRequest, application: Application) -> HttpResponse:
    """Take a form that was filled in, and show what stands in it; nothing is saved yet."""
    form = FilledFormForm(request.POST, request.FILES) if request.method == "POST" else FilledFormForm()
    if form.is_valid():
        content = form.cleaned_data["file"].read()
        try:
            found = or_404(partial(read_form, application=application, content=content, sender=request.user))
        except RuleViolation as refusal:
            add_violation(form, refusal, otherwise="file")
        else:
            return _found_page(request, application, found)
    return draft_response(
        request,
        "applications/filled_form.html",
        snapshot_of(application),
        _HERE,
        status=422 if form.errors else 200,
        form=form,
        has_word_form=has_word_form(application.call),
    )


def _found_page(request: SignedInRequest, application: Application, found: BroughtIn) -> HttpResponse:
    snapshot = snapshot_of(application)
    answers = found.form.answers
    return _choosing(
        request,
        snapshot,
        [_found(snapshot, each, answers[each.key]) for each in snapshot.specs if each.key in answers],
        unplaced="\n\n".join("\n".join(filter(None, each)) for each in found.form.unplaced),
        brought_in=found,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def bring_written(request: SignedInRequest, application: Application) -> HttpResponse:
    """Show what somebody wrote on their device before there was a draft; nothing is saved yet."""
    snapshot = snapshot_of(application)
    written = {each: request.POST.get(f"{each.key}-text", "").strip() for each in snapshot.specs}
    rows = [_found(snapshot, each, text) for each, text in written.items() if text]
    if not rows or not application.is_draft:
        return redirect("applications:overview", application.reference)
    return _choosing(request, snapshot, rows, is_written=True)


def _found(snapshot: Snapshot, spec: SectionSpec, text: str) -> FoundSection:
    kept = snapshot.sections.get(spec.pk)
    now = kept.text if kept else ""
    form = FoundSectionForm(
        prefix=spec.key,
        # What somebody wrote in the draft is replaced by nobody who did not say so.
        initial={"text": text, "seen_version": kept.version if kept else 0, "is_taken": not now.strip()},
    )
    form.ask(spec)
    return _beside(spec, form, now, text)


def _beside(spec: SectionSpec, form: FoundSectionForm, now: str, text: str) -> FoundSection:
    is_same = now.strip() == text.strip()
    difference = Difference(spec.title, now, text) if now.strip() and not is_same else None
    return FoundSection(spec, form, difference, is_same)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def take_over(request: SignedInRequest, application: Application) -> HttpResponse:
    """Save the ticked sections, each by itself, and show again what the draft does not have: it may have been changed here."""
    snapshot = snapshot_of(application)
    sent = [each for each in snapshot.specs if _is_sent(request, each)]
    if not sent:
        return redirect("applications:filled_form", application.reference)
    rows = [_attempted(request, application, snapshot, each) for each in sent]
    saved = [each for each in rows if each.outcome and each.outcome.saved]
    failed = [each for each in rows if each.outcome and not each.outcome.saved]
    if saved:
        request.session[TAKEN_OVER] = application.reference, [each.spec.key for each in saved]
        titles = filled_in("%(titles)s", titles=", ".join(each.spec.title for each in saved))
        sentence = _("Saved in your draft: %(titles)s. Nothing has been submitted yet.")
        messages.info(request, filled_in(sentence, titles=dutch(titles)))
    is_unticked = not saved and not failed and not _leaves(request, snapshot)
    left = [each for each in rows if each not in saved and not each.is_same]
    unplaced = request.POST.get("unplaced", "")
    if not (left or unplaced or is_unticked):
        return redirect("applications:overview", application.reference)
    return _choosing(
        request,
        snapshot,
        rows if is_unticked else left,
        unplaced=unplaced,
        # The titles of what was not saved.
        failed=failed,
        is_unticked=is_unticked,
        is_sent=True,
        status=422 if is_unticked else _status(failed),
    )


def _is_sent(request: SignedInRequest, spec: SectionSpec) -> bool:
    return f"{spec.key}-text" in request.POST and f"{spec.key}-leave" not in request.POST


def _leaves(request: SignedInRequest, snapshot: Snapshot) -> bool:
    """Tell whether somebody chose what is saved of a section, rather than what they brought in."""
    return any(f"{each.key}-leave" in request.POST for each in snapshot.specs)


def _attempted(
    request: SignedInRequest, application: Application, snapshot: Snapshot, spec: SectionSpec
) -> FoundSection:
    form = FoundSectionForm(request.POST, prefix=spec.key)
    form.ask(spec)
    is_valid = form.is_valid()
    kept = snapshot.sections.get(spec.pk)
    text = form.cleaned_data.get("text", "")
    beside = _beside(spec, form, kept.text if kept else "", text)
    if is_valid and not form.is_chosen:
        return beside

    def act() -> Saved:
        done = or_404(
            lambda: save_section(
                reference=application.reference,
                key=spec.key,
                **form.typed,
                seen_version=form.seen,
                # What it replaces stays among the versions, as the page says.
                begins=True,
                actor=request.user,
                at=whole_at(request),
            )
        )
        return Saved(done.version, done.saved_at)

    outcome = attempt(form, act, partial(kept_section, application.reference, spec.key, form))
    return FoundSection(spec, form, None, is_same=False, outcome=outcome)


def _status(failed: Iterable[FoundSection]) -> int:
    """Return how a page answers of which something was not saved: what is wrong goes before what is newer."""
    statuses = {each.outcome.status for each in failed if each.outcome}
    if 422 in statuses:
        return 422
    return 409 if 409 in statuses else 200


def _choosing(
    request: SignedInRequest, snapshot: Snapshot, rows: list[FoundSection], **context: Any
) -> HttpResponse:
    return draft_response(
        request, "applications/found_form.html", snapshot, _HERE, rows=rows, **{"status": 200, **context}
    )
