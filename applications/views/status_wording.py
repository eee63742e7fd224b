"""Statuses and moments as applicants and partners read them; a status tells nothing of the assessment."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.enums import Status
from applications.models import Application
from hubportal.kernel.dates import day_in_words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class StatusInWords:
    """A status as applicants read it, with the colour of its badge."""

    label: "str | _StrPromise"
    kind: str


_JUDGED = StatusInWords(_("In assessment"), "info")
_WORDS = {
    Status.DRAFT: StatusInWords(_("Draft, not submitted yet"), "warning"),
    Status.SUBMITTED: StatusInWords(_("Submitted"), "ok"),
    Status.SEALED: _JUDGED,
    # The committee's advice must not show before the letter is sent.
    Status.ADVISED: _JUDGED,
    Status.GRANTED: StatusInWords(_("Granted"), "ok"),
    Status.REJECTED: StatusInWords(_("Rejected"), "neutral"),
    Status.WITHDRAWN: StatusInWords(_("Withdrawn"), "neutral"),
}


def status_in_words(application: Application) -> StatusInWords:
    """Return the status of an application as applicants and partners read it."""
    return _WORDS[Status(application.status)]


def day_and_time(moment: datetime) -> str:
    """Return a moment in words, in Dutch local time."""
    local = localtime(moment)
    return gettext("%(day)s at %(time)s") % {"day": day_in_words(local), "time": date_format(local, "H:i")}
