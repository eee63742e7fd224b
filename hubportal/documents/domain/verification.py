"""What the portal tells anyone about a code or a file: genuine, superseded, withdrawn, altered or unknown.

It never tells more than the kind of document, its date and its reference, and of a confirmation of receipt that its
application was withdrawn: apps say so in a module ``standing``, to who holds the document (rule 26). An uploaded file is only searched for
codes, never parsed, and that in a process of its own.
"""

from datetime import date
from typing import NamedTuple

from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from hubportal.audit.domain.collecting import modules_named
from hubportal.documents.domain.authority import known_certificates
from hubportal.documents.domain.bounded import TooCostly, inspected
from hubportal.documents.domain.codes import PRINTED, read_code
from hubportal.documents.domain.uploads import HEADER_WITHIN, PDF_HEADER
from hubportal.documents.enums import VerificationResult
from hubportal.documents.models import Document
from hubportal.documents.queries import with_any_code, with_code, with_sha256
from hubportal.kernel.canonical import digest

# What is unpacked at most to look for a code; a letter unpacks to a hundredth of it.
_MAX_SEARCHED_BYTES = 64 * 1024 * 1024
# A letter carries one code; a file stuffed with codes asks for no more than this.
_MAX_CODES = 5


class Finding(NamedTuple):
    """What was found, and the public facts of the document it is about, if any."""

    outcome: VerificationResult
    kind: str = ""
    dated_on: date | None = None
    reference: str = ""


_UNKNOWN = Finding(VerificationResult.UNKNOWN)


def verify_code(typed: str) -> Finding:
    """Tell whether a document with this code exists and is current; ignores spaces and case."""
    code = read_code(typed)
    document = with_code(code).first() if code else None
    return _finding(_current_result(document), document) if document else _UNKNOWN


def verify_file(data: bytes) -> Finding:
    """Verify a file: genuine, altered or unknown, whatever the bytes. Raises ``TooBusy``."""
    if len(data) > settings.UPLOAD_LIMIT_BYTES or PDF_HEADER not in data[:HEADER_WITHIN]:
        return _UNKNOWN
    document = with_sha256(digest(data)).first()
    if document is None:
        return _trace(data)
    # Only here: it takes 19 MiB of every web server that reads a signature, and few people ask for it.
    from hubportal.documents.domain.signatures import check_signature

    # Stored, but not as we signed it: nobody is to rely on it.
    is_good = check_signature(data).is_good
    return _finding(_current_result(document) if is_good else VerificationResult.ALTERED, document)


def _trace(data: bytes) -> Finding:
    """Search unknown bytes for a verification code or one of our certificates."""
    codes = _codes_in(data)
    original = with_any_code(codes).first()
    if original:
        return _finding(VerificationResult.ALTERED, original)
    return Finding(VerificationResult.ALTERED) if _carries_our_signature(data) else _UNKNOWN


def _codes_in(data: bytes) -> set[str]:
    try:
        return set(
            inspected(
                "codes",
                data,
                pattern=PRINTED.pattern,
                max_codes=_MAX_CODES,
                max_unpacked=_MAX_SEARCHED_BYTES,
            )
        )
    except TooCostly:
        return set()


def _carries_our_signature(data: bytes) -> bool:
    """Tell whether the file contains one of our certificates in hexadecimal, as signatures have it."""
    lowered = data.lower()
    return any(
        chain[0].public_bytes(Encoding.DER).hex().encode() in lowered for chain in known_certificates()
    )


def _current_result(document: Document) -> VerificationResult:
    if document.superseded_by_id:
        return VerificationResult.SUPERSEDED
    if any(module.was_withdrawn(document) for module in modules_named("standing")):
        return VerificationResult.WITHDRAWN
    return VerificationResult.GENUINE


def _finding(outcome: VerificationResult, document: Document) -> Finding:
    return Finding(outcome, str(document.get_kind_display()), document.dated_on, document.about)
