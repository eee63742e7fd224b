"""Reading the signature of a PDF that the portal made."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from django.conf import settings
from pyhanko.keys.internal import translate_pyca_cryptography_cert_to_asn1 as as_read_by_pyhanko
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from hubportal.documents.domain.authority import known_certificates


class SignatureCheck(NamedTuple):
    """The result of checking the signature of a file."""

    is_intact: bool
    is_ours: bool
    signed_at: datetime | None
    # Said by a timestamp service that is known, if one was asked.
    timestamped_at: datetime | None = None

    @property
    def is_good(self) -> bool:
        """Tell whether the whole file is as one of our certificates signed it."""
        return self.is_intact and self.is_ours


NO_SIGNATURE = SignatureCheck(is_intact=False, is_ours=False, signed_at=None)


def check_signature(pdf: bytes) -> SignatureCheck:
    """Check the one signature of a PDF; a file without exactly one, or that cannot be read, has none.

    A certificate counts at the moment of signing. For bytes that the portal keeps itself: a hostile
    file is not to be opened here.
    """
    try:
        signatures = PdfFileReader(BytesIO(pdf)).embedded_signatures
        return _check(signatures[0]) if len(signatures) == 1 else NO_SIGNATURE
    except (PdfError, SigningError, SignatureValidationError, ValueError):
        return NO_SIGNATURE


def _check(signature: EmbeddedPdfSignature) -> SignatureCheck:
    signed_at = signature.self_reported_timestamp
    if signed_at is None:
        return NO_SIGNATURE
    ours = [[as_read_by_pyhanko(each) for each in chain] for chain in known_certificates()]
    context = ValidationContext(
        trust_roots=[chain[-1] for chain in ours],
        other_certs=[each for chain in ours for each in chain[:-1]],
        allow_fetching=False,
        moment=signed_at,
    )
    status = validate_pdf_signature(signature, context, _timestamp_context(), skip_diff=True)
    covers_all = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    is_known = any(status.signing_cert.sha256 == chain[0].sha256 for chain in ours)
    stamp = status.timestamp_validity
    is_stamp_intact = stamp is None or (stamp.intact and stamp.valid)
    return SignatureCheck(
        is_intact=status.intact and status.valid and covers_all and is_stamp_intact,
        is_ours=status.trusted and is_known,
        signed_at=signed_at,
        timestamped_at=stamp.timestamp if stamp is not None and stamp.trusted else None,
    )


def _timestamp_context() -> ValidationContext:
    """Return which timestamp services are known: none where none is set up."""
    path = settings.TIMESTAMP_CERTIFICATE
    found = x509.load_pem_x509_certificates(Path(path).read_bytes()) if path else []
    return ValidationContext(trust_roots=[as_read_by_pyhanko(each) for each in found], allow_fetching=False)
