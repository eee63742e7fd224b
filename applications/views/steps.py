"""The pages of a draft as steps, with what is missing on each and whose turn it is."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.domain.elsewhere import taken_as_known_to
from applications.domain.readiness import Missing, what_is_missing
from applications.domain.snapshot import Snapshot
from applications.models import Application
from applications.permissions import may_ask_others
from applications.views.submission_window import SubmissionWindow, submission_window_of
from calls.models import SectionSpec
from hubportal.accounts.models import User
from hubportal.kernel.languages import dutch
from hubportal.middleware import SignedInRequest

_WHOLE = 100
# Of the lead organisation alone: what binds it, or reaches others (rule 37).
_LED = ("people", "partners", "check")


@dataclass(frozen=True)
class Step:
    """One page of a draft."""

    key: str
    title: str
    url: str
    missing: list[Missing] = field(default_factory=list)
    is_optional: bool = False
    # Comments that are not resolved.
    comments: int = 0

    @property
    def is_done(self) -> bool:
        """Tell whether nothing is missing here."""
        return not self.missing

    @property
    def waits(self) -> bool:
        """Tell whether everything that is missing here waits for others."""
        return bool(self.missing) and all(each.waits for each in self.missing)


@dataclass(frozen=True)
class Progress:
    """A whole draft: its steps, whether it can be submitted now, and what is missing by whose turn it is."""

    window: SubmissionWindow
    steps: list[Step]
    missing: list[Missing]
    # The pages of a draft that somebody fills in, and those of them on which nothing is missing.
    parts: int
    parts_ready: int

    @property
    def percentage_ready(self) -> int:
        """Return how much of the pages is ready, in percents."""
        return self.parts_ready * _WHOLE // self.parts if self.parts else _WHOLE

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is missing."""
        return not self.missing

    @property
    def can_be_submitted(self) -> bool:
        """Tell whether nothing is missing and the call takes submissions now."""
        return self.is_complete and self.window.is_open

    @property
    def your_turn(self) -> list[tuple[Step, Missing]]:
        """Return what the applicant can do now, with the page where it is done."""
        return [(step, each) for step in self.steps for each in step.missing if not each.waits]

    @property
    def others_turn(self) -> list[Missing]:
        """Return what somebody else has to do."""
        return [each for each in self.missing if each.waits]

    def missing_in(self, key: str) -> list[Missing]:
        """Return what is missing in one step."""
        return next((step.missing for step in self.steps if step.key == key), [])

    @property
    def commented(self) -> list[Step]:
        """Return the steps that have open comments."""
        return [each for each in self.steps if each.comments]

    def comments_in(self, key: str) -> int:
        """Return how many open comments one step has."""
        return next((each.comments for each in self.steps if each.key == key), 0)

    def after(self, key: str) -> Step | None:
        """Return the next step."""
        keys = [each.key for each in self.steps]
        position = keys.index(key) + 1 if key in keys else len(keys)
        return self.steps[position] if position < len(keys) else None


def section_key(key: str) -> str:
    """Return the key of the step that is a section."""
    return f"section-{key}"


def progress_of(snapshot: Snapshot, *, user: User, at: datetime) -> Progress:
    """Return the progress of a draft, without what this person may not know."""
    window = submission_window_of(snapshot.application.call, at=at)
    seen = snapshot.as_seen_by(user.email)
    missing = what_is_missing(seen, review_round=window.review_round, at=at)
    # Asked only where something of it is missing.
    if any(each.tells_speakers for each in missing) and not may_ask_others.allows(user, snapshot.application):
        missing = [each for each in missing if not each.tells_speakers]
    missing += taken_as_known_to(user, seen)
    is_led = getattr(snapshot.application, "is_led", True)
    if not is_led:
        told = (each for each in missing if not each.is_to_lead)
        missing = [replace(each, waits=True) if each.page in _LED else each for each in told]
    # Of a draft that a page opened (``draft_page``); read with it, so that no page takes a query more.
    comments = Counter(getattr(snapshot.application, "open_comments", ()))
    pages = list(_pages(snapshot.application, snapshot.specs))
    steps = [
        Step(
            key,
            title,
            url,
            [each for each in missing if _page_of(each) == key],
            is_optional=is_optional,
            comments=comments[key],
        )
        for key, title, url, is_optional in pages
        if is_led or key not in _LED
    ]
    parts = {key for key, *_rest in pages} - {"check"}
    return Progress(window, steps, missing, len(parts), len(parts - {_page_of(each) for each in missing}))


def draft_response(
    request: SignedInRequest,
    template: str,
    snapshot: Snapshot,
    current: str,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Return a page of a draft, with its steps beside it.

    ``has_begun`` says that something was saved on the page, so that it lists what is missing.
    """
    progress = progress_of(snapshot, user=request.user, at=request.received_at)
    values = {
        "application": snapshot.application,
        "progress": progress,
        "current": current,
        "next_step": progress.after(current),
        "open_comments": progress.comments_in(current),
        "has_answers": bool(snapshot.answers),
        "has_begun": True,
        "comes_from_check": comes_from_check(request, snapshot.application),
        **context,
    }
    return render(request, template, values, status=status)


def comes_from_check(request: SignedInRequest, application: Application) -> bool:
    """Tell whether somebody changes one part on the way from the last page before submitting, and goes back there."""
    is_asked = request.GET.get("van") == "controleren" or request.POST.get("back") == "check"
    return is_asked and getattr(application, "is_led", False)


def _page_of(missing: Missing) -> str:
    return section_key(missing.anchor) if missing.page == "section" else missing.page


def _pages(application: Application, specs: Iterable[SectionSpec]) -> Iterator[tuple[str, str, str, bool]]:
    def address(name: str, *more: str) -> str:
        return reverse(f"applications:{name}", args=[application.reference, *more])

    yield "particulars", _("Title and dates"), address("particulars"), False
    yield "people", _("People"), address("people"), False
    yield "partners", _("Partners and consent"), address("partners"), False
    for spec in specs:
        yield section_key(spec.key), dutch(spec.title), address("section", spec.key), not spec.is_required
    yield "budget", _("Budget"), address("budget"), False
    yield "attachments", _("Attachments"), address("attachments"), True
    yield "check", _("Check and submit"), address("check"), False
