"""Reading a form that somebody filled in outside the portal; the file itself is kept nowhere."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applications.domain.attachments import check_how_many
from applications.domain.lifecycle import WrongStatus
from applications.domain.locking import why_closed
from applications.models import Application
from applications.permissions import may_write
from calls.domain.filled_forms import Block, FilledForm, filled_form
from calls.queries import calls_with_parts
from hubportal.accounts.models import User
from hubportal.documents.domain import bounded
from hubportal.documents.domain.bounded import TooCostly, one_file_at_a_time, run_bounded, so_long_an_hour
from hubportal.kernel.errors import RuleViolation

# Not imported: the library that it reads files with would take memory of every web server.
_PROGRAM = str(Path(bounded.__file__).with_name("word.py"))
# What a form of the allowed size may unpack to; one with many pictures stays far below it.
_MAX_EXPANSION = 10
# All answers of a call fit in it several times, and what is read fits in the form that comes back.
MAX_LETTERS = 400_000
REASONS = {
    "costly": _(
        "There is too much in this file. Take out what does not belong in the form, and bring it in again."
    ),
    "damaged": _("This file is damaged or incomplete. Open it in Word, save it again as .docx and retry."),
    "encrypted": _("This file is protected with a password. Save it without a password and retry."),
    "macros": _(
        "There are macros in this file. Save it as a Word document without macros (.docx) and retry."
    ),
    "old": _("This is a file in the old format of Word (.doc). Save it as .docx and retry."),
    "open_document": _("This is an OpenDocument file (.odt). Save it as a Word document (.docx) and retry."),
    "pdf": _("This is a PDF. Fill in the form as a Word document (.docx), and bring that in."),
    "other": _("This is not a Word document (.docx). Save your form as .docx and retry."),
}


class BroughtIn(NamedTuple):
    """What was read in a file, and whether it has pictures or notes, which are not brought in."""

    form: FilledForm
    has_pictures: bool
    has_notes: bool


def read_form(*, application: Application, content: bytes, sender: User) -> BroughtIn:
    """Return what somebody wrote in a form of the call of a draft (DOCX). Changes nothing, and takes up to some seconds.

    Raises ``NotAllowed``, ``WrongStatus``, ``TooBusy``, ``TooMuch``, and ``RuleViolation`` at ``file`` for what is not a form of this call.
    """
    may_write.check(sender, application)
    if not application.is_draft:
        raise WrongStatus(why_closed(application))
    found = _read(content, sender)
    if reason := found.get("refused"):
        raise RuleViolation(REASONS[reason], field="file")
    call = calls_with_parts().get(pk=application.call_id)
    form = filled_form((Block(**each) for each in found["blocks"]), call)
    if len(form.absent) == len(call.sections.all()):
        raise RuleViolation(
            _(
                "We find no part of this call in this file. Fill in the empty form of this call, and bring that in."
            ),
            field="file",
        )
    if not form.answers and not form.unplaced:
        raise RuleViolation(
            _("Nothing has been filled in in this form. Write below “Your answer”, save it and retry."),
            field="file",
        )
    return BroughtIn(form, found["pictures"], found["notes"])


def _read(content: bytes, sender: User) -> dict[str, Any]:
    bounds = {"max_unpacked": settings.UPLOAD_LIMIT_BYTES * _MAX_EXPANSION, "max_letters": MAX_LETTERS}
    check_how_many(sender)
    with one_file_at_a_time(sender.pk), so_long_an_hour(sender.pk):
        try:
            found: dict[str, Any] = json.loads(run_bounded(_PROGRAM, "read", content, settings=bounds))
        except TooCostly:
            return {"refused": "costly"}
    return found
