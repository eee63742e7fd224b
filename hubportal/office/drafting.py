"""Pages of the office on which a draft is saved, and that lead to one that shows what will be fixed (rules 30 and 32)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from hubportal.kernel.errors import RuleViolation
from hubportal.office.pages import StaffRequest
from hubportal.versions.forms import VersionedForm
from hubportal.versions.saving import Saved, SaveOutcome, saved_in_words


class KeptDraft(Protocol):
    """A draft that was saved."""

    saved_at: datetime


def kept_or_checked(
    request: StaffRequest,
    form: VersionedForm,
    done: Saved,
    *,
    kept_in_words: str,
    check: Callable[[], None],
    checks_at: str,
    page_of: Callable[[SaveOutcome], HttpResponse],
) -> HttpResponse:
    """Tell that the draft is saved or, when ``check`` was pressed, show what is missing or go to what will be fixed."""
    if "check" not in request.POST:
        messages.success(request, kept_in_words)
        return redirect(request.path)
    try:
        check()
    except RuleViolation as refusal:
        form.refuse(refusal)
        form.show_version(done.version)
        return page_of(SaveOutcome(422, saved=done))
    return redirect(checks_at)


def saving_context(request: StaffRequest, outcome: SaveOutcome, draft: KeptDraft | None) -> dict[str, Any]:
    """Return what the page says of saving: a newer version, whether something is not saved, and when it last was."""
    return {
        "newer": outcome.newer,
        "is_unsaved": request.method == "POST" and outcome.saved is None,
        "saved_line": saved_in_words(draft.saved_at, at=request.received_at) if draft else "",
    }
