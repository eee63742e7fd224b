"""Signing, and what a signature is worth."""

import asyncio
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.exceptions import ImproperlyConfigured
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.api import CAdESSignedAttrSpec
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, Signer
from pytest_django import Settings

from hubportal.documents.domain import authority, signing
from hubportal.documents.domain.authority import SealNotValid
from hubportal.documents.domain.signatures import NO_SIGNATURE, SignatureCheck, check_signature
from hubportal.documents.domain.signing import _OwnSigner, sign_pdf
from tests.documents.reading import marks_of, opened, roles_of, unmarked_text
from tests.factories.certificates import own_certificate
from tests.factories.documents import SENT_AT, letter_content, letter_pdf, signed_letter

GOOD = SignatureCheck(is_intact=True, is_ours=True, signed_at=SENT_AT)


def test_a_signed_letter_is_intact_and_ours(letter: bytes) -> None:
    assert check_signature(letter) == GOOD


def test_the_signature_is_pades_with_the_moment_it_was_given(letter: bytes) -> None:
    (signature,) = PdfFileReader(BytesIO(letter)).embedded_signatures
    assert str(signature.sig_object["/SubFilter"]) == "/ETSI.CAdES.detached"
    assert str(signature.sig_object["/Reason"]) == "Besluit op een aanvraag"
    assert signature.self_reported_timestamp == SENT_AT
    attributes = {each["type"].native for each in signature.signer_info["signed_attrs"]}
    assert attributes >= {"content_type", "message_digest", "signing_certificate_v2"}
    # PAdES baseline forbids the time among the signed attributes: it stands in the dictionary (/M).
    assert "signing_time" not in attributes


def test_signing_leaves_structure_and_metadata_as_they_were(letter: bytes) -> None:
    with opened(letter_pdf()) as before, opened(letter) as after:
        assert roles_of(after) == roles_of(before)
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert after.docinfo.ModDate == before.docinfo.ModDate
        metadata = after.open_metadata()
        assert (metadata.pdfa_status, metadata["pdfuaid:part"]) == ("2A", "1")
        assert [unmarked_text(page, marks_of(after, at)) for at, page in enumerate(after.pages)] == [[], []]
        assert after.check_pdf_syntax() == []


def test_the_present_stands_nowhere_in_a_letter_of_2024(letter: bytes) -> None:
    assert datetime.now(UTC).strftime("D:%Y%m").encode() not in letter


def test_later_signatures_of_a_process_are_good() -> None:
    letters = [letter_pdf(letter_content(reference=f"HUB-2024-1-000{each}")) for each in range(3)]
    signed = [sign_pdf(each, reason="Besluit", at=SENT_AT) for each in letters]
    assert [check_signature(each) for each in signed] == [GOOD, GOOD, GOOD]


def test_later_signatures_of_a_process_are_encoded_as_its_first_is() -> None:
    def encoded(signer: Signer, document: bytes) -> bytes:
        attributes = PdfCMSSignedAttributes(signing_time=SENT_AT, cades_signed_attrs=CAdESSignedAttrSpec())
        made = asyncio.run(
            signer.async_sign(
                sha256(document).digest(), "sha256", use_pades=True, signed_attr_settings=attributes
            )
        )
        return made if isinstance(made, bytes) else made.dump()

    identity, documents = authority.signing_identity(), [b"one", b"two", b"three"]
    by_one = _OwnSigner(identity)
    assert [encoded(by_one, each) for each in documents] == [
        encoded(_OwnSigner(identity), each) for each in documents
    ]


def test_signing_twice_is_refused(letter: bytes) -> None:
    with pytest.raises(SigningError):
        sign_pdf(letter, reason="x", at=SENT_AT)


def test_one_altered_byte_breaks_the_signature(letter: bytes) -> None:
    middle = letter.index(b"stream") + 100
    altered = letter[:middle] + bytes([letter[middle] ^ 1]) + letter[middle + 1 :]
    assert not check_signature(altered).is_intact


def test_a_revision_added_later_breaks_the_signature(letter: bytes) -> None:
    added = b"\n9999 0 obj\n<<>>\nendobj\ntrailer\n<</Size 1>>\nstartxref\n0\n%%EOF\n"
    assert not check_signature(letter + added).is_good


@pytest.mark.parametrize("pdf", [b"", b"PK\x03\x04", b"%PDF-1.7\n%%EOF", b"%PDF-1.7" + bytes(5000)])
def test_what_has_no_signature_has_none(pdf: bytes) -> None:
    assert check_signature(pdf) == NO_SIGNATURE


def test_a_letter_before_signing_has_none() -> None:
    assert check_signature(letter_pdf()) == NO_SIGNATURE


def test_a_letter_of_another_authority_is_intact_but_not_ours(letter: bytes, new_authority: Path) -> None:
    sign_pdf(letter_pdf(), reason="x", at=SENT_AT)
    assert check_signature(letter) == SignatureCheck(is_intact=True, is_ours=False, signed_at=SENT_AT)


def test_the_demo_says_that_it_is_one_and_lasts(new_authority: Path) -> None:
    identity = authority.signing_identity()
    for certificate in (identity.certificate, *identity.issuers):
        name = certificate.subject.rfc4514_string()
        assert "Demo" in name
        assert "fictief" in name
        assert certificate.not_valid_before_utc <= datetime(2020, 1, 1, tzinfo=UTC)
        assert certificate.not_valid_after_utc >= datetime(2045, 1, 1, tzinfo=UTC)


def test_only_the_owner_reads_the_key_and_nothing_else_is_left(new_authority: Path) -> None:
    authority.signing_identity()
    (key,) = new_authority.glob("demo.p12")
    (certificates,) = new_authority.glob("used-*.pem")
    assert key.stat().st_mode & 0o777 == 0o600
    assert new_authority.stat().st_mode & 0o777 == 0o700
    assert sorted(new_authority.iterdir()) == sorted([key, certificates])
    assert b"PRIVATE" not in certificates.read_bytes()


def test_of_two_processes_that_make_an_authority_the_first_counts(new_authority: Path) -> None:
    new_authority.mkdir()
    authority._publish(new_authority / "demo.p12", b"first")
    authority._publish(new_authority / "demo.p12", b"second")
    assert [each.read_bytes() for each in new_authority.iterdir()] == [b"first"]


def test_production_never_makes_a_certificate(settings: Settings, new_authority: Path) -> None:
    settings.PRODUCTION = True
    settings.SIGNING_CERTIFICATE = ""
    with pytest.raises(ImproperlyConfigured):
        authority.signing_identity()
    assert list(new_authority.iterdir()) == []


def test_an_own_certificate_signs_and_earlier_letters_stay_ours(
    settings: Settings, tmp_path: Path, letter: bytes
) -> None:
    own_certificate(tmp_path / "own.p12", b"secret")
    settings.SIGNING_CERTIFICATE, settings.SIGNING_PASSWORD = str(tmp_path / "own.p12"), "secret"
    assert check_signature(signed_letter()) == GOOD
    assert check_signature(letter) == GOOD


def test_a_wrong_password_is_named(settings: Settings, tmp_path: Path) -> None:
    own_certificate(tmp_path / "own.p12", b"secret")
    settings.SIGNING_CERTIFICATE, settings.SIGNING_PASSWORD = str(tmp_path / "own.p12"), "wrong"
    with pytest.raises(ImproperlyConfigured, match="cannot be opened"):
        authority.signing_identity()


def test_each_document_of_an_elliptic_key_is_signed_by_itself(settings: Settings, tmp_path: Path) -> None:
    own_certificate(tmp_path / "own.p12", b"secret")
    settings.SIGNING_CERTIFICATE, settings.SIGNING_PASSWORD = str(tmp_path / "own.p12"), "secret"
    assert [check_signature(signed_letter()) for _each in range(4)] == [GOOD] * 4


def test_nothing_is_signed_with_a_certificate_past_its_day(settings: Settings, tmp_path: Path) -> None:
    own_certificate(tmp_path / "own.p12", b"secret", ends_at=SENT_AT - timedelta(days=1))
    settings.SIGNING_CERTIFICATE, settings.SIGNING_PASSWORD = str(tmp_path / "own.p12"), "secret"
    with pytest.raises(SealNotValid):
        signed_letter()


def test_what_a_certificate_signed_in_its_days_stays_genuine_after_it(
    settings: Settings, tmp_path: Path
) -> None:
    own_certificate(tmp_path / "own.p12", b"secret", ends_at=SENT_AT + timedelta(days=1))
    settings.SIGNING_CERTIFICATE, settings.SIGNING_PASSWORD = str(tmp_path / "own.p12"), "secret"
    assert check_signature(signed_letter()) == GOOD


def test_the_first_document_of_a_process_is_read_back(
    monkeypatch: pytest.MonkeyPatch, new_authority: Path
) -> None:
    monkeypatch.setattr(signing, "check_signature", lambda _pdf: NO_SIGNATURE)
    with pytest.raises(SealNotValid, match="not recognised"):
        signed_letter()


def test_a_key_that_is_too_short_is_named(settings: Settings, tmp_path: Path) -> None:
    own_certificate(tmp_path / "own.p12", b"secret", key=rsa.generate_private_key(65537, 1024))
    settings.SIGNING_CERTIFICATE, settings.SIGNING_PASSWORD = str(tmp_path / "own.p12"), "secret"
    with pytest.raises(ImproperlyConfigured, match="2048 bits"):
        authority.signing_identity()


@pytest.mark.parametrize(("days", "warns"), [(59, True), (61, False)])
def test_the_office_is_warned_sixty_days_before_the_end(
    settings: Settings, tmp_path: Path, days: int, warns: bool
) -> None:
    ends_at = SENT_AT + timedelta(days=days)
    own_certificate(tmp_path / "own.p12", b"secret", ends_at=ends_at)
    settings.SIGNING_CERTIFICATE, settings.SIGNING_PASSWORD = str(tmp_path / "own.p12"), "secret"
    assert authority.seal_ends_soon(at=SENT_AT) == (ends_at if warns else None)


def test_a_letter_saved_by_another_program_is_no_longer_intact(letter: bytes) -> None:
    saved = BytesIO()
    with opened(letter) as pdf:
        pdf.save(saved, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert not check_signature(saved.getvalue()).is_good
