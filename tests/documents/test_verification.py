"""Verification: genuine, superseded, altered or unknown, for any bytes."""

import zipfile
import zlib
from io import BytesIO

import pikepdf
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tuned
from hypothesis import strategies as st
from pytest_django import Settings

from hubportal.documents.domain import verification
from hubportal.documents.domain.bounded import TooCostly
from hubportal.documents.domain.storage import read_document, supersede
from hubportal.documents.domain.verification import Finding, verify_code, verify_file
from hubportal.documents.enums import VerificationResult
from hubportal.documents.models import Document
from tests.documents.reading import opened
from tests.factories.documents import SENT_AT, DocumentFactory, kept_letter, letter_pdf, signed_letter

pytestmark = pytest.mark.django_db
UNKNOWN = Finding(VerificationResult.UNKNOWN)


def finding(outcome: VerificationResult, document: Document) -> Finding:
    return Finding(outcome, str(document.get_kind_display()), document.dated_on, document.about)


def saved_again(pdf: bytes, **options: object) -> bytes:
    saved = BytesIO()
    with opened(pdf) as document:
        document.save(saved, **options)  # type: ignore[arg-type]
    return saved.getvalue()


def test_a_letter_as_it_was_sent_is_genuine() -> None:
    document = kept_letter()
    assert verify_file(read_document(document)) == finding(VerificationResult.GENUINE, document)


def test_its_code_is_genuine_however_typed() -> None:
    document = kept_letter()
    assert verify_code(f" {document.verification_code.lower()} ") == finding(
        VerificationResult.GENUINE, document
    )


def test_a_replaced_letter_is_superseded_by_code_and_by_file_and_the_newer_is_genuine() -> None:
    old, new = kept_letter(reference="HUB-1"), kept_letter(reference="HUB-2")
    supersede(document=old, by=new, at=SENT_AT)
    assert (
        verify_code(old.verification_code)
        == verify_file(read_document(old))
        == finding(VerificationResult.SUPERSEDED, old)
    )
    assert (
        verify_code(new.verification_code)
        == verify_file(read_document(new))
        == finding(VerificationResult.GENUINE, new)
    )


@pytest.mark.parametrize("place", [9, 500, 20_000, -10])
def test_one_altered_byte_is_found(place: int) -> None:
    document = kept_letter()
    pdf = bytearray(read_document(document))
    pdf[place] ^= 1
    assert verify_file(bytes(pdf)) == finding(VerificationResult.ALTERED, document)


@pytest.mark.parametrize(
    "options",
    [
        {"object_stream_mode": pikepdf.ObjectStreamMode.generate, "recompress_flate": True},
        {"object_stream_mode": pikepdf.ObjectStreamMode.disable, "compress_streams": False},
    ],
)
def test_a_letter_saved_by_another_program_is_altered(options: dict[str, object]) -> None:
    document = kept_letter()
    assert verify_file(saved_again(read_document(document), **options)) == finding(
        VerificationResult.ALTERED, document
    )


def test_a_letter_whose_metadata_was_stripped_is_known_by_its_link() -> None:
    document = kept_letter()
    saved = BytesIO()
    with opened(read_document(document)) as pdf:
        del pdf.Root.Metadata, pdf.Root.AcroForm, pdf.pages[0].Annots
        pdf.save(saved, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert verify_file(saved.getvalue()) == finding(VerificationResult.ALTERED, document)


def test_our_signature_below_what_we_never_kept_is_altered() -> None:
    assert verify_file(signed_letter()) == Finding(VerificationResult.ALTERED)


def test_a_letter_that_was_rendered_but_never_signed_or_kept_is_unknown() -> None:
    assert verify_file(letter_pdf()) == UNKNOWN


def test_stored_bytes_whose_signature_is_not_ours_are_not_called_genuine(new_authority: object) -> None:
    document = kept_letter()
    (used,) = new_authority.glob("used-*.pem")  # type: ignore[attr-defined]
    used.unlink()
    assert verify_file(read_document(document)) == finding(VerificationResult.ALTERED, document)


def _zip() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("brief.pdf", letter_pdf())
    return packed.getvalue()


def _encrypted() -> bytes:
    return saved_again(letter_pdf(), encryption=pikepdf.Encryption(owner="o", user="u"))


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-", b"hello", b"%PDF-1.7\nstream\n" + bytes(1000), b"%PDF-" + b"stream\n" * 50_000],
)
def test_junk_is_unknown(data: bytes) -> None:
    assert verify_file(data) == UNKNOWN


def test_a_zip_an_encrypted_and_a_cut_off_pdf_are_unknown() -> None:
    assert [verify_file(data) for data in (_zip(), _encrypted(), letter_pdf()[:9000])] == [UNKNOWN] * 3


def test_a_file_over_the_limit_is_unknown_without_being_read(settings: Settings) -> None:
    document = kept_letter()
    settings.UPLOAD_LIMIT_BYTES = document.size - 1
    assert verify_file(read_document(document)) == UNKNOWN


def test_a_bomb_is_searched_only_so_far() -> None:
    bomb = zlib.compress(bytes(200_000_000), 9)
    hidden = zlib.compress(b"HP-7K2M-9QXT-4VNB")
    DocumentFactory.create(verification_code="HP-7K2M-9QXT-4VNB")
    pdf = b"%PDF-1.7\nstream\n" + bomb + b"\nendstream\nstream\n" + hidden + b"\nendstream"
    assert verify_file(pdf) == UNKNOWN
    assert verify_file(pdf.replace(bomb, b"")).outcome == VerificationResult.ALTERED


@tuned(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300))
def test_nothing_that_is_uploaded_makes_it_fail(data: bytes) -> None:
    assert verify_file(b"%PDF-" + data) == UNKNOWN


@tuned(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=60))
def test_nothing_that_is_typed_makes_it_fail(typed: str) -> None:
    assert verify_code(typed) == UNKNOWN


def test_a_file_that_costs_too_much_to_search_is_still_compared_with_our_certificates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def costly(*_asked: object, **_settings: object) -> None:
        raise TooCostly

    monkeypatch.setattr(verification, "inspected", costly)
    assert verify_file(signed_letter()) == Finding(VerificationResult.ALTERED)
    assert verify_file(letter_pdf()) == UNKNOWN
