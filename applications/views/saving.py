"""Showing a page of a draft with what was typed, and redirecting once it is saved (rules 12 and 13)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from applications.domain.snapshot import Snapshot, snapshot_of
from applications.models import Application
from applications.views.steps import comes_from_check, draft_response, progress_of
from hubportal.kernel.languages import filled_in
from hubportal.middleware import SignedInRequest
from hubportal.versions.saving import SaveOutcome, saved_in_words


def typed_response(
    request: SignedInRequest,
    template: str,
    snapshot: Snapshot,
    step: str,
    outcome: SaveOutcome,
    *,
    saved_at: datetime | None,
    has_begun: bool | None = None,
    **context: Any,
) -> HttpResponse:
    """Return a page of a draft with its form, next to a newer version or with errors.

    ``saved_at`` is None where nothing was saved yet; ``has_begun`` may tell otherwise.
    """
    # A save redirects, so anything shown after typing was not saved.
    is_as_saved = request.method != "POST"
    return draft_response(
        request,
        template,
        snapshot,
        step,
        status=outcome.status,
        newer=outcome.newer,
        is_unsaved=not is_as_saved,
        saved_line=saved_in_words(saved_at, at=request.received_at) if saved_at else "",
        has_begun=is_as_saved and (saved_at is not None if has_begun is None else has_begun),
        **context,
    )


def saved_response(request: SignedInRequest, application: Application, step: str) -> HttpResponse:
    """Tell that the draft was saved, not submitted (rule 13), and redirect to the next page or the same one.

    On the next page a message says what is missing on the page before; the same page shows that itself.
    """
    messages.info(request, _("Saved in your draft. Nothing has been submitted yet."))
    goes_back = comes_from_check(request, application)
    if "stay" in request.POST or "over_version" in request.POST:
        return redirect(f"{request.path}?van=controleren" if goes_back else request.get_full_path())
    if goes_back:
        # There everything that is missing is listed.
        return redirect(f"{reverse('applications:check', args=[application.reference])}#part-{step}")
    application.refresh_from_db()
    progress = progress_of(snapshot_of(application), user=request.user, at=request.received_at)
    if missing := progress.missing_in(step):
        title = next(each.title for each in progress.steps if each.key == step)
        sentences = format_html_join(" ", "{}", ((each.sentence,) for each in missing))
        messages.warning(
            request,
            filled_in(_("Still needed in “%(title)s”: %(sentences)s"), title=title, sentences=sentences),
        )
    following = progress.after(step)
    if following is None:
        return redirect("applications:overview", application.reference)
    return redirect(following.url)
