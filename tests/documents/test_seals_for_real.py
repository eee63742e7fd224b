"""Seals whose key is on a token (PKCS#11), and timestamps (RFC 3161): SoftHSM and OpenSSL answer."""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import ClassVar

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from pyhanko.pdf_utils.reader import PdfFileReader
from pytest_django import Settings

from hubportal.documents.domain import authority, signing
from hubportal.documents.domain.authority import SealNotValid
from hubportal.documents.domain.signatures import SignatureCheck, check_signature
from hubportal.documents.domain.signing import TimestampUnavailable
from hubportal.documents.domain.token import TokenAddress, TokenUnavailable
from tests.factories.documents import SENT_AT, signed_letter

SOFTHSM = next(
    (
        each
        for each in map(Path, ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so"))
        if each.exists()
    ),
    None,
)
needs_token = pytest.mark.skipif(
    SOFTHSM is None or shutil.which("softhsm2-util") is None,
    reason="needs SoftHSM (Debian: apt-get install softhsm2)",
)
needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="needs openssl (Debian: apt-get install openssl)"
)
GOOD = SignatureCheck(is_intact=True, is_ours=True, signed_at=SENT_AT)
KEYS = {
    "rsa": lambda: rsa.generate_private_key(65537, 3072),
    "elliptic": lambda: ec.generate_private_key(ec.SECP256R1()),
}
PIN = "271828"


def certificate_for(key: authority.PrivateKey, *, usage: x509.ExtendedKeyUsage | None = None) -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Programma (fictief)")])
    builder = authority._certificate(name, name, key.public_key())  # type: ignore[arg-type]
    builder = builder.add_extension(authority._usage(certificates=False), critical=True)
    if usage is not None:
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def write_key(path: Path, key: authority.PrivateKey) -> None:
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make a token with a key of each kind; the folder holds the certificates."""
    import pkcs11

    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n"
    )
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    label = ("--label", "Hubportaal")
    run("--init-token", "--free", *label, "--pin", PIN, "--so-pin", "314159")
    for number, (name, made) in enumerate(KEYS.items(), start=1):
        key = made()
        write_key(folder / "key.pem", key)
        run(
            "--import",
            str(folder / "key.pem"),
            "--token",
            "Hubportaal",
            "--label",
            name,
            "--id",
            f"0{number}",
            "--pin",
            PIN,
        )
        (folder / "key.pem").unlink()
        (folder / f"{name}.pem").write_bytes(certificate_for(key))
    yield folder
    pkcs11.lib(str(SOFTHSM)).finalize()
    del os.environ["SOFTHSM2_CONF"]


def run(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)


@pytest.fixture
def sealed_by_token(token: Path, settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    """Seal with the RSA key of the token; every identity and session begins anew."""
    settings.STORAGE_DIR = tmp_path
    use(settings, token, "rsa")
    yield settings
    authority._on_token.cache_clear()
    signing._signer.cache_clear()


def use(settings: Settings, token: Path, name: str, *, pin: str = PIN) -> None:
    authority._on_token.cache_clear()
    settings.SIGNING_CERTIFICATE, settings.SIGNING_PASSWORD = str(token / f"{name}.pem"), pin
    settings.SIGNING_TOKEN = f"pkcs11:token=Hubportaal;object={name}?module-path={SOFTHSM}"


@needs_token
@pytest.mark.parametrize("name", KEYS)
def test_a_key_on_a_token_seals_each_letter(token: Path, sealed_by_token: Settings, name: str) -> None:
    use(sealed_by_token, token, name)
    assert [check_signature(signed_letter()) for _turn in range(3)] == [GOOD] * 3


@needs_token
def test_a_token_that_was_away_seals_again_once_it_is_back(sealed_by_token: Settings) -> None:
    import pkcs11

    assert check_signature(signed_letter()) == GOOD
    pkcs11.lib(str(SOFTHSM)).finalize()
    with pytest.raises(TokenUnavailable):
        signed_letter()
    assert check_signature(signed_letter()) == GOOD


@needs_token
def test_a_process_that_was_forked_opens_the_token_for_itself(sealed_by_token: Settings) -> None:
    signed_letter()
    ours, theirs = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.write(theirs, b"good" if check_signature(signed_letter()) == GOOD else b"bad")
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as said:
        assert said.read() == b"good"
    os.waitpid(child, 0)


@needs_token
def test_a_wrong_pin_is_tried_once_and_never_again_by_itself(token: Path, sealed_by_token: Settings) -> None:
    use(sealed_by_token, token, "rsa", pin="999999")
    with pytest.raises(TokenUnavailable, match="PinIncorrect"):
        signed_letter()
    for _turn in range(2):
        with pytest.raises(TokenUnavailable, match="the last PIN that the token got was wrong"):
            signed_letter()
    # Whoever looks after the token logs in once by hand.
    run(
        "--import",
        str(key_file(token)),
        "--token",
        "Hubportaal",
        "--label",
        "other",
        "--id",
        "09",
        "--pin",
        PIN,
    )
    use(sealed_by_token, token, "rsa")
    assert check_signature(signed_letter()) == GOOD


def key_file(folder: Path) -> Path:
    write_key(folder / "other-key.pem", KEYS["rsa"]())
    return folder / "other-key.pem"


@needs_token
def test_a_key_that_is_not_on_the_token_is_said(token: Path, sealed_by_token: Settings) -> None:
    sealed_by_token.SIGNING_TOKEN = f"pkcs11:token=Hubportaal;object=nobody?module-path={SOFTHSM}"
    with pytest.raises(TokenUnavailable, match="NoSuchKey"):
        signed_letter()


@needs_token
def test_a_certificate_of_another_key_is_noticed_before_a_letter_is_kept(
    token: Path, sealed_by_token: Settings
) -> None:
    sealed_by_token.SIGNING_CERTIFICATE = str(token / "other.pem")
    (token / "other.pem").write_bytes(certificate_for(KEYS["rsa"]()))
    with pytest.raises(SealNotValid, match="not recognised"):
        signed_letter()


@pytest.mark.parametrize(
    "uri", ["", "token=a;object=b?module-path=c", "pkcs11:token=a?module-path=c", "pkcs11:token=a;object=b"]
)
def test_an_address_that_names_no_key_is_refused(uri: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="HUBPORTAL_SIGNING_TOKEN must be like"):
        TokenAddress.parse(uri)


def test_an_address_of_a_key_is_read_with_its_escapes() -> None:
    uri = "pkcs11:token=Het%20zegel;object=a%3Bb;type=private?module-path=/usr/lib/a%20b.so"
    assert TokenAddress.parse(uri) == TokenAddress("/usr/lib/a b.so", "Het zegel", "a;b")


TSA = """
[tsa]
default_tsa = service
[service]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class TimestampService(BaseHTTPRequestHandler):
    """Answers as a timestamp service does; ``openssl ts`` makes the answers."""

    folder: ClassVar[Path]

    def do_POST(self) -> None:
        """Return the timestamp that is asked."""
        (self.folder / "asked").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        made = subprocess.run(
            [
                *("openssl", "ts", "-reply", "-config", str(self.folder / "tsa.conf")),
                *("-queryfile", str(self.folder / "asked"), "-signer", str(self.folder / "tsa.pem")),
                *("-inkey", str(self.folder / "tsa.key")),
            ],
            capture_output=True,
            check=True,
        ).stdout
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(made)))
        self.end_headers()
        self.wfile.write(made)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 -- the name is the server's
        """Say nothing."""


@pytest.fixture
def timestamp_service(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """Run a timestamp service, and seal with it; the folder holds its certificate."""
    key = KEYS["rsa"]()
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    (tmp_path / "tsa.pem").write_bytes(certificate_for(key, usage=usage))
    write_key(tmp_path / "tsa.key", key)
    (tmp_path / "tsa.conf").write_text(TSA.format(folder=tmp_path))
    (tmp_path / "serial").write_text("01\n")
    TimestampService.folder = tmp_path
    signing._signer.cache_clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), TimestampService) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.TIMESTAMP_ADDRESS = f"http://127.0.0.1:{server.server_port}/"
        settings.TIMESTAMP_CERTIFICATE = str(tmp_path / "tsa.pem")
        yield tmp_path
        server.shutdown()
    signing._signer.cache_clear()
    signing._timestamper.cache_clear()


@needs_openssl
def test_a_timestamp_service_says_when_a_letter_was_sealed(timestamp_service: Path) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    for _turn in range(2):
        found = check_signature(signed_letter())
        assert found.is_good
        assert found.timestamped_at is not None
        assert (
            before - timedelta(seconds=1) <= found.timestamped_at <= datetime.now(UTC) + timedelta(seconds=1)
        )


@needs_openssl
def test_a_timestamp_of_somebody_else_is_noticed_before_a_letter_is_kept(
    timestamp_service: Path, settings: Settings
) -> None:
    other = timestamp_service / "other.pem"
    other.write_bytes(certificate_for(KEYS["rsa"]()))
    settings.TIMESTAMP_CERTIFICATE = str(other)
    with pytest.raises(SealNotValid, match="HUBPORTAL_TIMESTAMP_CERTIFICATE"):
        signed_letter()


@needs_openssl
def test_without_its_timestamp_a_letter_is_not_sealed(timestamp_service: Path, settings: Settings) -> None:
    settings.TIMESTAMP_ADDRESS = "http://127.0.0.1:1/"
    with pytest.raises(TimestampUnavailable):
        signed_letter()


@needs_openssl
def test_a_letter_with_a_timestamp_stays_genuine_where_the_service_is_not_known_any_more(
    timestamp_service: Path, settings: Settings
) -> None:
    letter = signed_letter()
    settings.TIMESTAMP_ADDRESS = settings.TIMESTAMP_CERTIFICATE = ""
    assert check_signature(letter) == GOOD


def test_nobody_may_add_anything_to_a_letter() -> None:
    """DocMDP 1 (ISO 32000-1, 12.8.2.2)."""
    letter = signed_letter()
    with pikepdf.open(BytesIO(letter)) as opened:
        (reference,) = opened.Root.Perms.DocMDP.Reference
        assert (str(reference.TransformMethod), int(reference.TransformParams.P)) == ("/DocMDP", 1)
    (signature,) = PdfFileReader(BytesIO(letter)).embedded_signatures
    assert signature.docmdp_level.value == 1


def test_the_seal_can_be_tried_before_a_letter_needs_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("try_seal", "--to", str(tmp_path / "proof.pdf"))
    kept = (tmp_path / "proof.pdf").read_bytes()
    assert check_signature(kept).is_good
    assert capsys.readouterr().out.splitlines() == [
        "sealed by CN=Programmabureau Hubportaal (Demo\\, fictief),O=Hubportaal Demo (fictief),C=NL, until 2045-01-01",
        "moment confirmed: by nobody",
        f"kept in {tmp_path / 'proof.pdf'}",
    ]


@needs_openssl
def test_a_trial_names_who_confirms_the_moment(
    timestamp_service: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("try_seal")
    assert f"moment confirmed: {datetime.now(UTC):%Y-%m-%d} " in capsys.readouterr().out


def test_a_trial_says_what_is_wrong_with_the_seal(settings: Settings, tmp_path: Path) -> None:
    settings.SIGNING_CERTIFICATE = str(tmp_path / "nothing.p12")
    with pytest.raises(
        CommandError, match="The seal does not work: The signing certificate cannot be opened"
    ):
        call_command("try_seal")
