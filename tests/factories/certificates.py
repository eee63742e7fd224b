"""Certificates to sign with."""

from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from hubportal.documents.domain import authority


def own_certificate(
    path: Path,
    password: bytes,
    *,
    ends_at: datetime = datetime(2045, 1, 1, tzinfo=UTC),
    key: authority.PrivateKey | None = None,
) -> None:
    """Write a PKCS#12 file of the programme's own."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Programma (fictief)")])
    certificate = (
        authority._certificate(name, name, key.public_key(), ends_at)  # type: ignore[arg-type]
        .add_extension(authority._usage(certificates=False), critical=True)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"own", key, certificate, None, BestAvailableEncryption(password)
        )
    )
