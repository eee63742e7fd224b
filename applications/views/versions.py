"""Earlier versions of a text, of title and dates, and of the budget of a draft: listed, compared, put back (rule 32)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.domain.lifecycle import WrongStatus
from applications.domain.putting_back import put_back_budget, put_back_particulars, put_back_text
from applications.enums import Part
from applications.models import Application, ApplicationSection, EarlierVersion
from applications.queries.versions import (
    contents_of,
    draft_now,
    earlier_version,
    earlier_versions,
    lines_now,
    text_now,
)
from applications.views.access import draft_page
from applications.views.version_words import Words, compared, words_of
from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.languages import dutch
from hubportal.kernel.versions import NewerVersion
from hubportal.middleware import SignedInRequest, whole_at


@dataclass(frozen=True)
class Version:
    """A version as a page lists it."""

    number: int
    saved_at: datetime
    saved_by: User
    restored_from: datetime | None
    is_now: bool = False


@dataclass(frozen=True)
class Versioned:
    """A part of a draft that has versions."""

    part: Part
    title: str
    # Of the page on which it is written, without its versions.
    name: str
    arguments: list[str]
    # Its rows among the earlier versions.
    which: dict[str, Any]
    # ``None`` where nothing was saved.
    now: Version | None
    content: Any
    put_back: Callable[..., object]

    @property
    def page(self) -> str:
        """Return the address of the page on which it is written."""
        return reverse(f"applications:{self.name}", args=self.arguments)

    @property
    def versions_page(self) -> str:
        """Return the address of the page that lists its versions."""
        return reverse(f"applications:{self.name}_versions", args=self.arguments)


def _text(application: Application, key: str) -> Versioned:
    spec = get_object_or_404(application.call.sections, key=key)
    section = text_now(application, key)
    return Versioned(
        Part.SECTION,
        dutch(spec.title),
        "section",
        [application.reference, key],
        {"part": Part.SECTION, "spec": spec},
        _version_of_text(section) if section else None,
        {"text": section.text if section else ""},
        lambda **how: put_back_text(reference=application.reference, key=key, **how),
    )


def _version_of_text(section: ApplicationSection) -> Version:
    return Version(section.version, section.saved_at, section.saved_by, section.restored_from, is_now=True)


def _particulars(application: Application) -> Versioned:
    now = draft_now(application)
    day = now.starts_on
    return Versioned(
        Part.PARTICULARS,
        _("Title and dates"),
        "particulars",
        [application.reference],
        {"part": Part.PARTICULARS},
        _version_of_draft(now, "particulars"),
        {
            "title": now.title,
            "starts_on": day.isoformat() if day else None,
            "duration_months": now.duration_months,
        },
        lambda **how: put_back_particulars(reference=application.reference, **how),
    )


def _budget(application: Application) -> Versioned:
    return Versioned(
        Part.BUDGET,
        _("Budget"),
        "budget",
        [application.reference],
        {"part": Part.BUDGET},
        _version_of_draft(draft_now(application), "budget"),
        {"lines": lines_now(application)},
        lambda **how: put_back_budget(reference=application.reference, **how),
    )


def _version_of_draft(now: Application, name: str) -> Version | None:
    number = getattr(now, f"{name}_version")
    if number == 1:
        # A draft begins with nothing filled in.
        return None
    moment, person = getattr(now, f"{name}_saved_at"), getattr(now, f"{name}_saved_by")
    return Version(number, moment, person, getattr(now, f"{name}_restored_from"), is_now=True)


@require_safe
@draft_page
def section_versions(request: SignedInRequest, application: Application, key: str) -> HttpResponse:
    """List the versions of the text of a section."""
    return _list(request, application, _text(application, key))


@require_safe
@draft_page
def particulars_versions(request: SignedInRequest, application: Application) -> HttpResponse:
    """List the versions of title and dates."""
    return _list(request, application, _particulars(application))


@require_safe
@draft_page
def budget_versions(request: SignedInRequest, application: Application) -> HttpResponse:
    """List the versions of the budget."""
    return _list(request, application, _budget(application))


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def section_version(
    request: SignedInRequest, application: Application, key: str, number: int
) -> HttpResponse:
    """Show an earlier text of a section, and put it back."""
    return _one(request, application, lambda: _text(application, key), number)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def particulars_version(request: SignedInRequest, application: Application, number: int) -> HttpResponse:
    """Show an earlier title and dates, and put them back."""
    return _one(request, application, lambda: _particulars(application), number)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def budget_version(request: SignedInRequest, application: Application, number: int) -> HttpResponse:
    """Show an earlier budget, and put it back."""
    return _one(request, application, lambda: _budget(application), number)


def _list(request: SignedInRequest, application: Application, versioned: Versioned) -> HttpResponse:
    versions = [*([versioned.now] if versioned.now else []), *_earlier(application, versioned)]
    chosen = _chosen(request, versions)
    context = {
        "application": application,
        "versioned": versioned,
        "versions": versions,
        "chosen": chosen,
        "is_asked": "van" in request.GET or "naar" in request.GET,
        "differences": chosen and _differences(application, versioned, *chosen),
    }
    return render(request, "applications/versions.html", context)


def _earlier(application: Application, versioned: Versioned) -> list[Version]:
    return [
        Version(each.number, each.saved_at, each.saved_by, each.restored_from)
        for each in earlier_versions(application, **versioned.which)
    ]


def _chosen(request: SignedInRequest, versions: Iterable[Version]) -> tuple[Version, Version] | None:
    """Return the two versions to compare, the earlier one in front; ``None`` unless two were chosen."""
    known = {str(each.number): each for each in versions}
    found = {known.get(request.GET.get(name, "")) for name in ("van", "naar")}
    pair = sorted((each for each in found if each), key=lambda each: each.number)
    return (pair[0], pair[1]) if len(pair) == 2 else None


def _differences(
    application: Application, versioned: Versioned, earlier: Version, later: Version
) -> list[Any]:
    numbers = [each.number for each in (earlier, later) if not each.is_now]
    contents = contents_of(application, numbers, **versioned.which)
    first, second = (
        words_of(versioned.part, versioned.content if each.is_now else contents[each.number])
        for each in (earlier, later)
    )
    return compared(first, second)


def _one(
    request: SignedInRequest, application: Application, read: Callable[[], Versioned], number: int
) -> HttpResponse:
    versioned = read()
    if request.method != "POST":
        return _version_page(request, application, versioned, number)
    try:
        versioned.put_back(
            number=number, seen_version=_seen(request), actor=request.user, at=whole_at(request)
        )
    except (NotAllowed, ObjectDoesNotExist) as unknown:
        raise Http404 from unknown
    except WrongStatus as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:status", application.reference)
    except RuleViolation as refusal:
        status = 409 if isinstance(refusal, NewerVersion) else 422
        return _version_page(
            request, application, read(), number, refusal=str(_sentence(refusal)), status=status
        )
    messages.success(
        request, _("The earlier version stands again. What it replaced is one of the versions now.")
    )
    return redirect(versioned.page)


def _sentence(refusal: RuleViolation) -> str:
    if isinstance(refusal, NewerVersion):
        return _(
            "Something newer was saved after you opened this page, so nothing was put back. Compare again."
        )
    return str(refusal)


def _seen(request: SignedInRequest) -> int:
    typed = request.POST.get("seen_version", "")
    # No version has this number.
    return int(typed) if typed.isdecimal() and len(typed) < 10 else -1


def _version_page(
    request: SignedInRequest,
    application: Application,
    versioned: Versioned,
    number: int,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    if versioned.now is not None and number == versioned.now.number:
        return redirect(versioned.page)
    try:
        version = earlier_version(application, number, **versioned.which)
    except EarlierVersion.DoesNotExist as unknown:
        raise Http404 from unknown
    words: Words = words_of(versioned.part, version.content)
    context = {
        "application": application,
        "versioned": versioned,
        "version": version,
        "words": words,
        "differences": compared(words_of(versioned.part, versioned.content), words),
        "refusal": refusal,
    }
    return render(request, "applications/version.html", context, status=status)
