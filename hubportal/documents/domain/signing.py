"""Signing documents, PAdES baseline B-B (ETSI EN 319 142-1)."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import IO, Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.keys import internal as conversion
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.ades.api import CAdESSignedAttrSpec
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, Signer
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from hubportal.documents.domain.authority import (
    PrivateKey,
    SealNotValid,
    SigningIdentity,
    signing_identity,
)
from hubportal.documents.domain.conformance import SIGNATURE_FIELD
from hubportal.documents.domain.signatures import check_signature

_DIGEST = "sha256"


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


class _LoadedKeySigner(Signer):
    """Signs with a key that is loaded once; reading an RSA key takes longer than signing with it."""

    def __init__(self, identity: SigningIdentity) -> None:
        others = SimpleCertificateStore()
        others.register_multiple(map(conversion.translate_pyca_cryptography_cert_to_asn1, identity.issuers))
        super().__init__(
            signing_cert=conversion.translate_pyca_cryptography_cert_to_asn1(identity.certificate),
            cert_registry=others,
        )
        self._key: PrivateKey = identity.key
        # How much a signature takes is the same for each document: measured once.
        self.room: int | None = None
        self._frame: _Frame | None = None
        self.was_read_back = False

    async def async_sign(
        self, data_digest: bytes, digest_algorithm: str, *options: Any, **settings: Any
    ) -> Any:
        """Return the signature of a document: the first as pyHanko makes it, the others in the frame of that one.

        Every signature of ours has the same settings. Those of elliptic curves differ in length and so fit no frame.
        """
        if options or settings.get("dry_run") or not isinstance(self._key, rsa.RSAPrivateKey):
            return await super().async_sign(data_digest, digest_algorithm, *options, **settings)
        if self._frame is None:
            made = await super().async_sign(data_digest, digest_algorithm, **settings)
            self._frame = _Frame.of(made, data_digest)
            return made
        signature = await self.async_sign_raw(self._frame.attributes_for(data_digest), digest_algorithm)
        return self._frame.filled(data_digest, signature)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002 -- as pyHanko calls it
        """Return the signature, or as many bytes as it will take."""
        if dry_run:
            return bytes(
                (self._key.key_size + 7) // 8 * (1 if isinstance(self._key, rsa.RSAPrivateKey) else 3)
            )
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


class _UpdateOfSignatureOnly(IncrementalPdfFileWriter):
    """Leaves the metadata alone: it would get the present time, and lose its PDF/A form."""

    def _update_meta(self) -> None:
        pass


@lru_cache(maxsize=4)
def _signer(identity: SigningIdentity) -> _LoadedKeySigner:
    return _LoadedKeySigner(identity)


def sign_pdf(pdf: bytes, *, reason: str, at: datetime) -> bytes:
    """Return the PDF with a signature in the field that rendering made for it; its time is ``at``.

    Raises ``SigningError`` of pyHanko for a file without that field, or that was signed before, and ``SealNotValid`` when
    the certificate is not valid at that time. The first document that a process signs is read back.
    """
    identity = signing_identity()
    identity.check_valid(at=at)
    signer = _signer(identity)
    signed = asyncio.run(_sign(pdf, reason, at, signer))
    if not signer.was_read_back:
        if not check_signature(signed).is_good:
            raise SealNotValid("what was signed is not recognised as ours")
        signer.was_read_back = True
    return signed


async def _sign(pdf: bytes, reason: str, at: datetime, signer: _LoadedKeySigner) -> bytes:
    writer = _UpdateOfSignatureOnly(BytesIO(pdf))
    attributes = CAdESSignedAttrSpec()
    metadata = PdfSignatureMetadata(
        field_name=SIGNATURE_FIELD,
        md_algorithm=_DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        cades_signed_attr_spec=attributes,
    )
    session = PdfSigner(metadata, signer).init_signing_session(writer, existing_fields_only=True)
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
