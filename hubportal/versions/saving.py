"""Saving a versioned form and answering a person or a script: the one way to meet a newer version (rules 12 and 32).

Answers, the same from every form: saved, 422 with errors, or 409 with the saved version next to what was typed. A table is
saved without the rows that cannot be read: 422 with the version that holds the others. To a script they are
``{"version": …, "message": …}``, without a version where nothing was saved; ``others`` tells who else is there, where a
page shows it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from hubportal.accounts.models import User
from hubportal.kernel.dates import day_in_words
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import NewerVersion
from hubportal.middleware import ReceivedRequest, wants_json
from hubportal.versions.comparing import Difference

_SAVED = 200


class Versioned(Protocol):
    """A form or a table of forms with a version."""

    def is_valid(self) -> bool:
        """Tell whether all that was typed can be read."""

    def refuse(self, refusal: RuleViolation) -> None:
        """Take in a refusal of the act."""

    def differences(self, kept: Any) -> list[Difference]:
        """Return where what was typed differs from what is kept."""

    def show_version(self, version: int) -> None:
        """Mark a version as seen for the next attempt."""

    @property
    def together(self) -> int | None:
        """Return the newer version of which the texts are asked in one with what was typed, if any."""

    def texts_to_merge(self, kept: Any) -> dict[str, str]:
        """Return the texts that can stand in one with what is kept, by field."""

    def put_together(self, kept: Any) -> None:
        """Put what is kept of them with what was typed."""

    def remarks(self) -> list[str]:
        """Return what is said of texts that are kept all the same."""

    def left_out(self) -> list[str]:
        """Return what is wrong with parts that are not saved, where the others are."""

    def sentences(self) -> list[str]:
        """Return what is wrong."""


class Saved(NamedTuple):
    """The saved version and the moment it was saved."""

    version: int
    at: datetime


@dataclass(frozen=True)
class Kept:
    """The saved version in the shape of the form, with who saved it and when."""

    version: int
    content: Any
    saved_by: User | None
    saved_at: datetime


@dataclass(frozen=True)
class Newer:
    """A newer version beside what was typed."""

    kept: Kept
    differences: list[Difference]
    # Whether texts of both can be put in one.
    can_merge: bool = False


class SaveOutcome(NamedTuple):
    """What came of saving what was typed, as a page shows it; without arguments nothing was typed yet."""

    status: int = 200
    # With another status than 200 where parts were left out.
    saved: Saved | None = None
    newer: Newer | None = None
    # Both versions stand in the form, which was not saved.
    is_merged: bool = False


def save_and_answer(
    request: ReceivedRequest,
    form: Versioned,
    *,
    act: Callable[[], Saved],
    kept: Callable[[], Kept | None],
    saved: Callable[[Saved], HttpResponse],
    page: Callable[[SaveOutcome], HttpResponse],
) -> HttpResponse:
    """Save what was typed with ``act``; answer with ``saved``, or with ``page`` on errors or a newer version.

    ``kept`` reads the saved version, and is called only when it is newer. A script gets the same in JSON.
    """
    if request.method != "POST":
        return page(SaveOutcome())
    if wants_json(request):
        return save_for_script(request, form, act=act, kept=kept)
    outcome = attempt(form, act, kept)
    if outcome.is_merged:
        messages.info(
            request,
            _(
                "Your text and the saved one now stand in one text below. Nothing has been saved yet: take out what is double, and save."
            ),
        )
    if outcome.saved is None or outcome.status != _SAVED:
        return page(outcome)
    return saved(outcome.saved)


def save_for_script(
    request: ReceivedRequest,
    form: Versioned,
    *,
    act: Callable[[], Saved],
    kept: Callable[[], Kept | None],
    others: Callable[[], str] | None = None,
) -> HttpResponse:
    """Save what was typed with ``act``, and answer the script that autosaves.

    ``others`` tells who else is there, once it is known that the person may know.
    """
    outcome = attempt(form, act, kept)
    beside = {"others": others()} if others else {}
    return _to_script(outcome, form, at=request.received_at, beside=beside)


def saved_in_words(saved_at: datetime, *, at: datetime) -> str:
    """Return when something was saved, as pages and scripts say it; ``at`` is now."""
    moment = localtime(saved_at)
    time = date_format(moment, "H:i")
    if moment.date() == localtime(at).date():
        return _("Saved at %(time)s") % {"time": time}
    return _("Saved on %(day)s at %(time)s") % {"day": day_in_words(moment), "time": time}


def attempt(form: Versioned, act: Callable[[], Saved], kept: Callable[[], Kept | None]) -> SaveOutcome:
    """Save what was typed with ``act``, and return what came of it; for a page with several forms, one after another."""
    if not form.is_valid():
        return SaveOutcome(422)
    if form.together is not None and (now := kept()) is not None:
        return _together(form, now)
    try:
        return _with_what_is_left_out(form, act())
    except NewerVersion as newer:
        if (now := kept()) is not None:
            return _beside(form, now)
        form.refuse(newer)
    except RuleViolation as refusal:
        form.refuse(refusal)
    return SaveOutcome(422)


def _with_what_is_left_out(form: Versioned, saved: Saved) -> SaveOutcome:
    if not form.left_out():
        return SaveOutcome(saved=saved)
    # What was left out is saved over this version.
    form.show_version(saved.version)
    return SaveOutcome(422, saved=saved)


def _together(form: Versioned, now: Kept) -> SaveOutcome:
    if now.version != form.together:
        # Another one came since: it is shown first.
        return _beside(form, now)
    form.put_together(now.content)
    form.show_version(now.version)
    return SaveOutcome(is_merged=True)


def _beside(form: Versioned, now: Kept) -> SaveOutcome:
    differences = form.differences(now.content)
    if not differences:
        # The newer version has the same content.
        return SaveOutcome(saved=Saved(now.version, now.saved_at))
    return SaveOutcome(409, newer=Newer(now, differences, bool(form.texts_to_merge(now.content))))


def _to_script(
    outcome: SaveOutcome, form: Versioned, *, at: datetime, beside: Mapping[str, str] | None = None
) -> JsonResponse:
    known = dict(beside or {})
    if outcome.saved is not None and outcome.status != _SAVED:
        return JsonResponse(
            {"version": outcome.saved.version, "message": _partly(outcome.saved, form, at), **known},
            status=422,
        )
    if outcome.saved is not None:
        message = " · ".join([saved_in_words(outcome.saved.at, at=at), *form.remarks()])
        return JsonResponse({"version": outcome.saved.version, "message": message, **known})
    if outcome.newer is not None:
        message = _("Not saved: someone has saved a newer version. Save once more to compare the two.")
    else:
        message = _("Not saved: %(sentences)s") % {"sentences": " ".join(form.sentences())}
    return JsonResponse({"message": message, **known}, status=outcome.status)


def _partly(saved: Saved, form: Versioned, at: datetime) -> str:
    return _("%(saved)s, but not all of it. %(sentences)s") % {
        "saved": saved_in_words(saved.at, at=at),
        "sentences": " ".join(form.left_out()),
    }
