"""Sealing documents: PAdES baseline B-B, and B-T where a timestamp service is set up (ETSI EN 319 142-1)."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import IO, Any

from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from pyhanko.keys import internal as conversion
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.ades.api import CAdESSignedAttrSpec
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, Signer
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from hubportal.documents.domain.authority import (
    SealNotValid,
    SigningIdentity,
    signing_identity,
)
from hubportal.documents.domain.conformance import SIGNATURE_FIELD
from hubportal.documents.domain.signatures import check_signature

_DIGEST = "sha256"
_TIMESTAMP_SECONDS = 10


class TimestampUnavailable(Exception):  # noqa: N818 -- it names what happened
    """The timestamp service is away, or refuses."""


@dataclass(frozen=True)
class _Frame:
    """A signature as it was encoded once: for another document only its digest and the signature differ.

    Encoding certificates and attributes anew takes ten times as long as signing with the key.
    """

    encoded: bytes
    attributes: bytes
    document_digest: bytes
    signature: bytes

    @classmethod
    def of(cls, made: Any, document_digest: bytes) -> "_Frame":
        """Take the frame from a signature that pyHanko made."""
        signer = made["content"]["signer_infos"][0]
        attributes = signer["signed_attrs"].untag().dump()
        return cls(made.dump(), attributes, document_digest, signer["signature"].native)

    def attributes_for(self, document_digest: bytes) -> bytes:
        """Return the attributes to sign for another document."""
        return self.attributes.replace(self.document_digest, document_digest)

    def filled(self, document_digest: bytes, signature: bytes) -> bytes:
        """Return the encoded signature of another document."""
        own = self.encoded.replace(self.document_digest, document_digest)
        return own.replace(self.signature, signature)


class _OwnSigner(Signer):
    """Signs with our key, wherever it is."""

    def __init__(self, identity: SigningIdentity) -> None:
        others = SimpleCertificateStore()
        others.register_multiple(map(conversion.translate_pyca_cryptography_cert_to_asn1, identity.issuers))
        super().__init__(
            signing_cert=conversion.translate_pyca_cryptography_cert_to_asn1(identity.certificate),
            cert_registry=others,
        )
        self._identity = identity
        # How much a signature takes is the same for each document: measured once.
        self.room: int | None = None
        self._frame: _Frame | None = None
        self.was_read_back = False

    async def async_sign(
        self, data_digest: bytes, digest_algorithm: str, *options: Any, **settings: Any
    ) -> Any:
        """Return the signature of a document: the first as pyHanko makes it, the others in the frame of that one.

        Every signature of ours has the same settings. Those of elliptic curves differ in length and so fit no frame; nor
        do those with a timestamp, which is another each time.
        """
        differs = settings.get("timestamper") or not isinstance(self._identity.public_key, rsa.RSAPublicKey)
        if options or settings.get("dry_run") or differs:
            return await super().async_sign(data_digest, digest_algorithm, *options, **settings)
        if self._frame is None:
            made = await super().async_sign(data_digest, digest_algorithm, **settings)
            self._frame = _Frame.of(made, data_digest)
            return made
        signature = await self.async_sign_raw(self._frame.attributes_for(data_digest), digest_algorithm)
        return self._frame.filled(data_digest, signature)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002 -- as pyHanko calls it
        """Return the signature, or as many bytes as it will take."""
        if not dry_run:
            return self._identity.sign(data)
        key = self._identity.public_key
        return bytes((key.key_size + 7) // 8 * (1 if isinstance(key, rsa.RSAPublicKey) else 3))


class _UpdateOfSignatureOnly(IncrementalPdfFileWriter):
    """Leaves the metadata alone: it would get the present time, and lose its PDF/A form."""

    def _update_meta(self) -> None:
        pass


@lru_cache(maxsize=4)
def _signer(identity: SigningIdentity) -> _OwnSigner:
    return _OwnSigner(identity)


@lru_cache(maxsize=4)
def _timestamper(address: str) -> HTTPTimeStamper | None:
    """Return who says when a document was signed (RFC 3161), where one is set up."""
    return HTTPTimeStamper(address, timeout=_TIMESTAMP_SECONDS) if address else None


def sign_pdf(pdf: bytes, *, reason: str, at: datetime) -> bytes:
    """Return the PDF with a seal in the field that rendering made for it; its time is ``at``.

    Nobody may add anything to the document (DocMDP 1). Raises ``SigningError`` of pyHanko for a file without that field, or
    that was signed before; ``SealNotValid`` when the certificate is not valid at that time; ``TokenUnavailable``; and
    ``TimestampUnavailable``. The first document that a process signs is read back.
    """
    identity = signing_identity()
    identity.check_valid(at=at)
    signer = _signer(identity)
    try:
        signed = asyncio.run(_sign(pdf, reason, at, signer))
    except TimestampRequestError as refused:
        raise TimestampUnavailable(f"the timestamp service: {refused}") from refused
    if not signer.was_read_back:
        found = check_signature(signed)
        if not found.is_good:
            raise SealNotValid("what was signed is not recognised as ours")
        if settings.TIMESTAMP_ADDRESS and found.timestamped_at is None:
            raise SealNotValid("the timestamp is not of a service that HUBPORTAL_TIMESTAMP_CERTIFICATE knows")
        signer.was_read_back = True
    return signed


async def _sign(pdf: bytes, reason: str, at: datetime, signer: _OwnSigner) -> bytes:
    writer = _UpdateOfSignatureOnly(BytesIO(pdf))
    attributes = CAdESSignedAttrSpec()
    metadata = PdfSignatureMetadata(
        field_name=SIGNATURE_FIELD,
        md_algorithm=_DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        cades_signed_attr_spec=attributes,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    timestamper = _timestamper(settings.TIMESTAMP_ADDRESS)
    pdf_signer = PdfSigner(metadata, signer, timestamper=timestamper)
    session = pdf_signer.init_signing_session(writer, existing_fields_only=True)
    session.system_time = at
    signer.room = signer.room or await session.estimate_signature_container_size(validation_info=None)
    prepared = session.prepare_tbs_document(validation_info=None, bytes_reserved=signer.room)
    digest, output = prepared.digest_tbs_document()
    await prepared.perform_signature(
        digest.document_digest,
        PdfCMSSignedAttributes(signing_time=at, cades_signed_attrs=attributes),
    )
    return _whole(output)


def _whole(output: IO[bytes]) -> bytes:
    output.seek(0)
    return output.read()
