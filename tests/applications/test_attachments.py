"""Attaching files to a draft (rule 24)."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.urls import reverse

from applications.domain import attachments
from applications.domain.attachments import add_attachment, remove_attachment
from applications.models import Attachment
from hubportal.accounts.models import User
from hubportal.documents.domain import bounded
from hubportal.documents.domain.bounded import TooBusy
from hubportal.documents.domain.files import read_file
from hubportal.documents.domain.uploads import RefusedFile
from hubportal.kernel.canonical import digest
from hubportal.kernel.errors import NotAllowed
from hubportal.kernel.quotas import TooMuch
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT
from tests.racing import held_open

pytestmark = pytest.mark.django_db(transaction=True)


def attach(case: "scenarios.Case", content: bytes) -> Attachment:
    return add_attachment(application_id=case.pk, title="Plan", content=content, actor=case.applicant, at=AT)


def test_nothing_is_locked_while_a_file_is_inspected(monkeypatch: pytest.MonkeyPatch) -> None:
    case = scenarios.written()
    seen: list[bool] = []

    def inspect(_file: IO[bytes]) -> None:
        seen.append(connection.in_atomic_block)

    monkeypatch.setattr(attachments, "check_pdf", inspect)
    add_attachment(application_id=case.pk, title="Plan", content=letter_pdf(), actor=case.applicant, at=AT)
    assert seen == [False]


def test_nothing_of_a_stranger_is_inspected(monkeypatch: pytest.MonkeyPatch) -> None:
    case = scenarios.written()
    monkeypatch.setattr(attachments, "check_pdf", lambda _file: pytest.fail("inspected"))
    with pytest.raises(NotAllowed):
        add_attachment(application_id=case.pk, title="", content=b"%PDF-", actor=UserFactory(), at=AT)


def test_files_that_take_very_long_together_keep_nobody_else_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rule 24: each is sound, and one after another they would hold a place all hour."""
    monkeypatch.setattr(bounded, "MAX_SECONDS_AN_HOUR", 0.2)
    monkeypatch.setattr(attachments, "check_pdf", lambda _file: time.sleep(0.15))
    slow, other = UserFactory.create_batch(2)
    for _each in range(2):
        attachments.inspect_file(letter_pdf(), slow)
    with pytest.raises(TooMuch, match="duurde dit uur erg lang"):
        attachments.inspect_file(letter_pdf(), slow)
    attachments.inspect_file(letter_pdf(), other)


def test_waiting_for_the_scanner_counts_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds no place of others."""
    monkeypatch.setattr(bounded, "MAX_SECONDS_AN_HOUR", 0.2)
    monkeypatch.setattr(attachments, "check_pdf", lambda _file: None)
    monkeypatch.setattr(attachments, "scanned", lambda _content: time.sleep(0.3))
    sender = UserFactory.create()
    for _each in range(3):
        attachments.inspect_file(letter_pdf(), sender)


def test_one_person_has_one_file_inspected_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    case = scenarios.written()
    monkeypatch.setattr(bounded, "MAX_WAIT_SECONDS", 0)
    inspected: list[User] = []

    def inspect(_file: IO[bytes]) -> None:
        if not inspected:
            inspected.append(case.applicant)
            with pytest.raises(TooBusy):
                attach(case, letter_pdf())
            attachments.inspect_file(b"%PDF-", other)
        else:
            inspected.append(other)

    other = UserFactory()
    monkeypatch.setattr(attachments, "check_pdf", inspect)
    attach(case, letter_pdf())
    assert inspected == [case.applicant, other]


def test_files_that_are_refused_count_too(monkeypatch: pytest.MonkeyPatch) -> None:
    case = scenarios.written()
    monkeypatch.setattr(attachments, "MAX_INSPECTED_AN_HOUR", 2)
    for _each in range(2):
        with pytest.raises(RefusedFile):
            attach(case, b"Geen pdf")
    with pytest.raises(TooMuch) as refusal:
        attach(case, letter_pdf())
    assert refusal.value.field == "file"
    attachments.inspect_file(letter_pdf(), UserFactory())


def test_a_file_that_a_full_disk_cut_off_is_written_again() -> None:
    case = scenarios.written()
    pdf = letter_pdf()
    name = f"attachments/{case.pk}/{digest(pdf)}.pdf"
    default_storage.save(name, ContentFile(pdf[:1000]))
    attachment = attach(case, pdf)
    assert attachment.stored_as == name
    assert read_file(name, attachment.sha256) == pdf


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"%PDF-")])
def test_nobody_gets_a_damaged_file(client: Client, damage: Callable[[Path], Any]) -> None:
    case = scenarios.written(partners=1)
    attachment = attach(case, letter_pdf())
    case = scenarios.assigned(case)
    reviewer = case.assignments.get_queryset()[0].reviewer
    damage(Path(default_storage.path(attachment.stored_as)))
    addresses = {
        case.applicant: reverse("applications:attachment", args=[case.reference, attachment.pk]),
        reviewer: reverse("admin:attachment", args=[case.reference, attachment.sha256]),
    }
    for person, address in addresses.items():
        log_in(client, person)
        answer = client.get(address)
        assert answer.status_code == 503
        assert "Dit bestand is beschadigd" in answer.content.decode()


def test_adding_a_damaged_file_again_repairs_it() -> None:
    case, pdf = scenarios.written(), letter_pdf()
    attachment = attach(case, pdf)
    Path(default_storage.path(attachment.stored_as)).unlink()
    assert attach(case, pdf) == attachment
    assert read_file(attachment.stored_as, attachment.sha256) == pdf


def test_removing_leaves_a_file_that_was_added_again_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    case, pdf = scenarios.written(), letter_pdf()
    attachment = attach(case, pdf)
    deleted = attachments._delete_unless_named

    def later(key: str, application_id: int) -> None:
        attach(case, pdf)
        deleted(key, application_id)

    monkeypatch.setattr(attachments, "_delete_unless_named", later)
    attachments.remove_attachment(
        application_id=case.pk, attachment_id=attachment.pk, actor=case.applicant, at=AT
    )
    again = case.attachments.get()
    assert read_file(again.stored_as, again.sha256) == pdf


def test_what_is_removed_leaves_no_file() -> None:
    case = scenarios.written()
    attachment = attach(case, letter_pdf())
    attachments.remove_attachment(
        application_id=case.pk, attachment_id=attachment.pk, actor=case.applicant, at=AT
    )
    assert not default_storage.exists(attachment.stored_as)


def test_a_file_that_is_removed_and_added_again_at_once_stays() -> None:
    """Rule 24: the file is deleted under the lock of who adds it, or not at all."""
    case = scenarios.written()
    content = letter_pdf()
    first = attach(case, content)
    # Between the removal and the deletion of its file, somebody adds the same one.
    Attachment.objects.all().delete()
    with held_open(lambda: attach(case, content)) as meanwhile:
        deletion = meanwhile(lambda: attachments._delete_unless_named(first.stored_as, case.pk))
        assert deletion.waits()
    deletion.result()
    added = Attachment.objects.get()
    assert read_file(added.stored_as, added.sha256) == content
    remove_attachment(application_id=case.pk, attachment_id=added.pk, actor=case.applicant, at=AT)
    assert not default_storage.exists(added.stored_as)
