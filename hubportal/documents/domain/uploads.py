"""What is accepted as an attachment: a real PDF without active content (rule 24)."""

from pathlib import PurePath
from typing import IO

import puremagic
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from hubportal.documents.domain.bounded import TooCostly, inspected
from hubportal.kernel.errors import RuleViolation

PDF_HEADER = b"%PDF-"
# Readers open what has something before its header, such as a byte order mark (ISO 32000-1, annex H).
HEADER_WITHIN = 1024
# What a file of the allowed size may unpack to; a drawing or a scan stays far below it.
_MAX_EXPANSION = 40
# By what ``inspection`` answers, which is not imported for the reason that ``bounded`` gives.
REASONS = {
    "costly": _("This PDF unpacks to far more than its own size. Save it as a PDF again and retry."),
    "encrypted": _("This PDF is protected with a password. Add a version without protection."),
    "damaged": _("This PDF is damaged or incomplete. Make it again and add the new one."),
    "active": _(
        "This PDF contains a script, an action or another file inside it. "
        "Print it to a new PDF and add that one."
    ),
}


class RefusedFile(RuleViolation):
    """An uploaded file that the portal refuses."""


def check_pdf(file: IO[bytes]) -> None:
    """Check an uploaded file by its content, and rewind it.

    Raises ``RefusedFile`` with the reason: too large, not a PDF, damaged, encrypted, or able to run
    or carry something; and ``TooBusy``. Takes up to some seconds: hold no lock meanwhile.
    """
    file.seek(0)
    data = file.read(settings.UPLOAD_LIMIT_BYTES + 1)
    file.seek(0)
    if len(data) > settings.UPLOAD_LIMIT_BYTES:
        raise RefusedFile(
            _("This file is too large. A file can be at most %(limit)s.") % {"limit": upload_limit()}
        )
    if PDF_HEADER not in data[:HEADER_WITHIN]:
        raise _no_pdf(data)
    try:
        reason = inspected("attachment", data, max_unpacked=settings.UPLOAD_LIMIT_BYTES * _MAX_EXPANSION)
    except TooCostly:
        reason = "costly"
    if reason == "damaged" and not data.startswith(PDF_HEADER):
        # It only mentions a header, as a web page about PDF does.
        raise _no_pdf(data)
    if reason:
        raise RefusedFile(REASONS[reason])


def upload_limit() -> str:
    """Return the limit for one file as people read it, such as ``10 MB``."""
    return filesizeformat(settings.UPLOAD_LIMIT_BYTES).replace(",0", "").replace(".0", "")


def _no_pdf(data: bytes) -> RefusedFile:
    kind = _kind_of(data)
    if kind and kind != "pdf":
        return RefusedFile(
            _("This file is not a PDF but a file of the type %(kind)s. Save it as a PDF and add it again.")
            % {"kind": kind}
        )
    return RefusedFile(_("This file is not a PDF. Save it as a PDF and add it again."))


def _kind_of(data: bytes) -> str:
    """Return what the content says it is (``zip``, ``docx``), or nothing where it says nothing."""
    if data.startswith(b"PK\x03\x04"):
        # Office files are zips that name themselves in their first entries.
        for folder, kind in ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx")):
            if folder in data[:4000]:
                return kind
        return "zip"
    try:
        kind = PurePath("x" + puremagic.from_string(data[:8192])).suffix.lstrip(".")
    except (puremagic.PureError, ValueError):
        return ""
    # As people know it.
    return "jpg" if kind in {"jfif", "jpeg"} else kind
