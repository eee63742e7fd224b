"""How a status is told to applicants and partners: in their words, and nothing of the assessment."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from applications.enums import Status
from applications.models import Application

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
    # The committee's advice is not told before the letter is there.
    Status.ADVISED: _JUDGED,
    Status.GRANTED: StatusInWords(_("Granted"), "ok"),
    Status.REJECTED: StatusInWords(_("Rejected"), "neutral"),
    Status.WITHDRAWN: StatusInWords(_("Withdrawn"), "neutral"),
}


def status_in_words(application: Application) -> StatusInWords:
    """Return the status of an application as applicants and partners read it."""
    return _WORDS[Status(application.status)]
