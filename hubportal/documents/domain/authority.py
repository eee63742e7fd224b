"""The certificate that seals documents: the programme's own, or one of the demo's fictional authority."""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from hubportal.documents.domain.token import TokenAddress, TokenKey

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

# The demo lives in 2024 and may be looked at for long.
_VALID_FROM = datetime(2020, 1, 1, tzinfo=UTC)
_VALID_UNTIL = datetime(2045, 1, 1, tzinfo=UTC)


# How long before its end the office is warned.
WARN_BEFORE = timedelta(days=60)
_MIN_RSA_BITS = 2048


class SealNotValid(Exception):  # noqa: N818 -- it names what is wrong
    """The certificate is not valid at this moment, so nothing is signed with it."""


@dataclass(frozen=True, eq=False)
class SigningIdentity:
    """A certificate with those above it, up to the root where there is one, and what signs with its key (SHA-256)."""

    sign: Callable[[bytes], bytes]
    certificate: x509.Certificate
    issuers: tuple[x509.Certificate, ...]

    @property
    def public_key(self) -> PublicKey:
        """Return the key of the certificate."""
        return _public_key_of(self.certificate)

    @property
    def ends_at(self) -> datetime:
        """Return when the first of the certificates ends."""
        return min(each.not_valid_after_utc for each in (self.certificate, *self.issuers))

    def check_valid(self, *, at: datetime) -> None:
        """Raise ``SealNotValid`` unless all of its certificates are valid."""
        starts_at = max(each.not_valid_before_utc for each in (self.certificate, *self.issuers))
        if not starts_at <= at <= self.ends_at:
            raise SealNotValid(f"the signing certificate is valid from {starts_at} until {self.ends_at}")


def signing_identity() -> SigningIdentity:
    """Return the identity that signs documents, and remember its certificate as one of ours.

    The demo makes one at first use. Raises ``ImproperlyConfigured`` where production has none, or
    when the file cannot be opened with its password. A token (``SIGNING_TOKEN``) is opened at the first signature.
    """
    folder = _folder()
    if settings.SIGNING_TOKEN:
        return _on_token(
            Path(settings.SIGNING_CERTIFICATE), settings.SIGNING_TOKEN, settings.SIGNING_PASSWORD, folder
        )
    if settings.SIGNING_CERTIFICATE:
        path = Path(settings.SIGNING_CERTIFICATE)
    elif settings.PRODUCTION:
        raise ImproperlyConfigured("HUBPORTAL_SIGNING_CERTIFICATE must name a PKCS#12 file that exists")
    else:
        path = folder / "demo.p12"
        if not path.exists():
            _publish(path, _demo_identity())
    return _load(path, settings.SIGNING_PASSWORD, folder)


def seal_ends_soon(*, at: datetime) -> datetime | None:
    """Return when the certificate ends, if the office has to renew it now."""
    ends_at = signing_identity().ends_at
    return ends_at if ends_at - WARN_BEFORE <= at else None


def known_certificates() -> list[list[x509.Certificate]]:
    """Return each certificate that ever signed a document here, followed by those above it."""
    return [
        x509.load_pem_x509_certificates(each.read_bytes()) for each in sorted(_folder().glob("used-*.pem"))
    ]


def _folder() -> Path:
    folder: Path = settings.STORAGE_DIR / "certificates"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@lru_cache(maxsize=4)
def _load(path: Path, password: str, folder: Path) -> SigningIdentity:
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(
            path.read_bytes(), password.encode() if password else None
        )
    except (OSError, ValueError) as refused:
        raise ImproperlyConfigured(f"The signing certificate cannot be opened: {refused}") from refused
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) or certificate is None:
        raise ImproperlyConfigured("The signing certificate needs an RSA or elliptic-curve key")
    chain = _remembered(_in_order(certificate, others), folder)
    return SigningIdentity(_signing_with(key), certificate, tuple(chain[1:]))


@lru_cache(maxsize=4)
def _on_token(path: Path, uri: str, pin: str, folder: Path) -> SigningIdentity:
    """Return the identity whose certificates stand in a PEM file and whose key is on a token."""
    try:
        certificate, *others = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as refused:
        raise ImproperlyConfigured(f"The signing certificate cannot be read: {refused}") from refused
    chain = _remembered(_in_order(certificate, others), folder)
    is_elliptic = isinstance(_public_key_of(certificate), ec.EllipticCurvePublicKey)
    key = TokenKey(TokenAddress.parse(uri), pin, is_elliptic=is_elliptic)
    return SigningIdentity(key.sign, certificate, tuple(chain[1:]))


def _public_key_of(certificate: x509.Certificate) -> PublicKey:
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise ImproperlyConfigured("The signing certificate needs an RSA or elliptic-curve key")
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < _MIN_RSA_BITS:
        raise ImproperlyConfigured(
            f"The signing certificate needs an RSA key of {_MIN_RSA_BITS} bits or more"
        )
    return key


def _signing_with(key: PrivateKey) -> Callable[[bytes], bytes]:
    """Return what signs with a key that is loaded once; reading an RSA key takes longer than signing with it."""

    def sign(data: bytes) -> bytes:
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return key.sign(data, ec.ECDSA(hashes.SHA256()))

    return sign


def _remembered(chain: list[x509.Certificate], folder: Path) -> list[x509.Certificate]:
    """Keep the certificates, so that a later one makes no earlier letter look foreign."""
    _public_key_of(chain[0])
    fingerprint = chain[0].fingerprint(hashes.SHA256()).hex()
    _publish(
        folder / f"used-{fingerprint[:32]}.pem", b"".join(each.public_bytes(Encoding.PEM) for each in chain)
    )
    return chain


def _in_order(certificate: x509.Certificate, others: list[x509.Certificate]) -> list[x509.Certificate]:
    """Return the certificate followed by its issuers, however the file had them."""
    chain = [certificate]
    while above := [each for each in others if each.subject == chain[-1].issuer and each not in chain]:
        chain.append(above[0])
    return chain


def _publish(path: Path, content: bytes) -> None:
    """Write a file atomically, readable by its owner only; an existing file stays."""
    temporary = path.with_name(f".{secrets.token_hex(8)}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def _demo_identity() -> bytes:
    """Return a fresh PKCS#12 file: a fictional authority and a certificate that it gave."""
    authority_key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    authority = _name("Demo-certificaatautoriteit Hubportaal (fictief)")
    root = (
        _certificate(authority, authority, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certificates=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    certificate = (
        _certificate(_name("Programmabureau Hubportaal (Demo, fictief)"), authority, key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certificates=False), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
        )
        .sign(authority_key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(b"demo", key, certificate, [root], NoEncryption())


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "NL"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Hubportaal Demo (fictief)"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, ends_at: datetime = _VALID_UNTIL
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_VALID_FROM)
        .not_valid_after(ends_at)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=not certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )
