"""The page where anyone verifies a document."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains

from hubportal.documents.domain.storage import read_document, supersede
from hubportal.documents.views import verification
from hubportal.mail.domain.composing import address_of
from tests.factories.documents import SENT_AT, DocumentFactory, kept_letter

pytestmark = pytest.mark.django_db
PAGE = "/en/verificatie/"


def uploaded(data: bytes, name: str = "brief.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="application/pdf")


def test_the_page_is_open_to_anyone(client: Client) -> None:
    assert reverse("documents:verify") == PAGE
    assertContains(client.get(PAGE), "Verify a document")


def test_a_code_gives_kind_date_and_reference_and_no_names(client: Client) -> None:
    document = DocumentFactory.create(title="Besluit voor mevrouw Geheim")
    response = client.post(PAGE, {"code": document.verification_code})
    assertContains(response, "This code belongs to a genuine document")
    assertContains(response, document.about)
    assertContains(response, "Decision letter")
    assertNotContains(response, "Geheim")


def test_the_address_on_a_letter_leads_to_the_finding(client: Client) -> None:
    document = DocumentFactory.create()
    address = f"{PAGE}{document.verification_code}/"
    printed = address_of("documents:verify_code", document.verification_code)
    assert printed == f"{settings.PUBLIC_ADDRESS}/verificatie/{document.verification_code}/"
    assertContains(client.get(address), "This code belongs to a genuine document")


def test_a_code_alone_never_says_that_the_document_itself_is_genuine(client: Client) -> None:
    old, new = DocumentFactory.create_batch(2)
    supersede(document=old, by=new, at=SENT_AT)
    for each in (old, new):
        address = f"{PAGE}{each.verification_code}/"
        for response in (client.post(PAGE, {"code": each.verification_code}), client.get(address)):
            assertNotContains(response, "This document is genuine")
    assertContains(response, "choose the file to check it")


def test_a_file_is_genuine_altered_or_unknown(client: Client) -> None:
    pdf = read_document(kept_letter())
    for data, expected in (
        (pdf, "This document is genuine"),
        (pdf + b"\n", "This document has been altered"),
        (b"PK\x03\x04", "We do not know this document"),
        (b"", "We do not know this document"),
    ):
        assertContains(client.post(PAGE, {"file": uploaded(data)}), expected)


def test_a_replaced_letter_says_so(client: Client) -> None:
    old, new = DocumentFactory.create_batch(2)
    supersede(document=old, by=new, at=SENT_AT)
    assertContains(client.post(PAGE, {"code": old.verification_code}), "no longer valid")


def test_an_unknown_code_is_unknown(client: Client) -> None:
    assertContains(client.post(PAGE, {"code": "HP-2222-2222-2222"}), "We do not know this document")


@pytest.mark.parametrize("typed", [{}, {"code": " "}])
def test_neither_code_nor_file_is_asked_for_one(client: Client, typed: dict[str, str]) -> None:
    assertContains(client.post(PAGE, typed), "Enter a code or choose a file, not both.")


def test_both_code_and_file_is_asked_for_one(client: Client) -> None:
    response = client.post(PAGE, {"code": "HP-2222-2222-2222", "file": uploaded(b"x")})
    assertContains(response, "Enter a code or choose a file, not both.")


def test_a_file_over_the_limit_is_told_the_limit(client: Client, settings: Settings) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1024 * 1024
    response = client.post(PAGE, {"file": uploaded(bytes(1024 * 1024 + 1))})
    assertContains(response, "This file is too large. A file can be at most 1\u00a0MB.")


def test_who_searches_for_codes_has_to_wait(client: Client) -> None:
    for _ in range(verification._MAX_PER_MINUTE):
        assert client.post(PAGE, {"code": "HP-2222-2222-2222"}).status_code == 200
    assert client.post(PAGE, {"code": "HP-2222-2222-2222"}).status_code == 429
    assert client.get(f"{PAGE}HP-2222-2222-2222/").status_code == 429


def test_all_addresses_of_one_network_ask_together(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "_MAX_PER_MINUTE", 1)

    def status(address: str) -> int:
        return client.post(PAGE, {"code": "HP-2222-2222-2222"}, REMOTE_ADDR=address).status_code

    assert [status(f"2001:db8:1:2::{last}") for last in (1, 2)] == [200, 429]
    assert status("2001:db8:1:3::1") == 200
    assert [status(address) for address in ("192.0.2.1", "192.0.2.2")] == [200, 200]
    assert client.get(PAGE).status_code == 200


def test_a_finding_takes_one_query(client: Client, django_assert_num_queries: object) -> None:
    document = DocumentFactory.create()
    with django_assert_num_queries(1):  # type: ignore[operator]
        client.post(PAGE, {"code": document.verification_code})
