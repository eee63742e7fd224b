"""The command that checks every stored document."""

from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

from applications.domain.attachments import add_attachment
from hubportal.documents.domain.storage import new_verification_code, store_document
from hubportal.documents.enums import DocumentKind
from hubportal.documents.models import Document
from tests.factories.documents import SENT_AT, kept_letter, letter_pdf
from tests.factories.moments import AT
from tests.factories.scenarios import written

pytestmark = pytest.mark.django_db


def lines_of(*, fails: bool) -> list[str]:
    said = StringIO()
    if fails:
        with pytest.raises(SystemExit) as end:
            call_command("verify_files", stdout=said)
        assert end.value.code == 1
    else:
        call_command("verify_files", stdout=said)
    return said.getvalue().splitlines()


def test_intact_letters_are_counted_with_their_years() -> None:
    kept_letter(reference="HUB-1")
    other = kept_letter(reference="HUB-2")
    Document.objects.filter(pk=other.pk).update(dated_on=date(2025, 1, 2))
    assert lines_of(fails=False) == [
        "2 documents intact, 0 damaged, dated in 2024, 2025",
        "0 other files intact, 0 damaged",
    ]


def test_nothing_stored_is_nothing_damaged() -> None:
    assert lines_of(fails=False) == [
        "0 documents intact, 0 damaged",
        "0 other files intact, 0 damaged",
    ]


def test_each_kind_of_damage_is_named() -> None:
    gone, changed = kept_letter(reference="HUB-1"), kept_letter(reference="HUB-2")
    default_storage.delete(gone.stored_as)
    default_storage.delete(changed.stored_as)
    default_storage.save(changed.stored_as, ContentFile(b"%PDF-1.7"))
    older = kept_letter(reference="HUB-3", at=SENT_AT + timedelta(days=2))
    Document.objects.filter(pk=older.pk).update(
        superseded_by=kept_letter(reference="HUB-4"), superseded_at=SENT_AT
    )
    unsigned = store_document(
        kind=DocumentKind.LETTER,
        pdf=letter_pdf(),
        title="x",
        about="HUB-5",
        dated_on=SENT_AT.date(),
        code=new_verification_code(),
        at=SENT_AT,
    )
    foreign = store_document(
        kind=DocumentKind.LETTER,
        pdf=b"%PDF-1.7 nothing",
        title="x",
        about="HUB-6",
        dated_on=SENT_AT.date(),
        code=new_verification_code(),
        at=SENT_AT,
    )
    assert lines_of(fails=True) == [
        f"document {gone.pk}, HUB-1: {gone.stored_as} cannot be read",
        f"document {changed.pk}, HUB-2: {changed.stored_as} does not match its SHA-256",
        f"document {older.pk}, HUB-3: is superseded by an older document",
        f"document {unsigned.pk}, HUB-5: has no intact signature",
        f"document {foreign.pk}, HUB-6: has no intact signature",
        f"document {foreign.pk}, HUB-6: cannot be opened",
        "1 documents intact, 5 damaged, dated in 2024",
        "0 other files intact, 0 damaged",
    ]


def test_a_letter_of_an_authority_that_is_not_ours_is_named(new_authority: Path) -> None:
    document = kept_letter(reference="HUB-1")
    (used,) = new_authority.glob("used-*.pem")
    used.unlink()
    assert lines_of(fails=True) == [
        f"document {document.pk}, HUB-1: is not signed with a certificate of ours",
        "0 documents intact, 1 damaged, dated in 2024",
        "0 other files intact, 0 damaged",
    ]


def test_attachments_are_checked_too() -> None:
    case = written()
    attach = [
        add_attachment(application_id=case.pk, title=title, content=pdf, actor=case.applicant, at=AT)
        for title, pdf in (("Plan", letter_pdf()), ("Begroting", letter_pdf(at=SENT_AT + timedelta(days=1))))
    ]
    with Path(default_storage.path(attach[0].stored_as)).open("r+b") as stored:
        stored.truncate(100)
    assert lines_of(fails=True) == [
        "0 documents intact, 0 damaged",
        f"attachment {attach[0].pk}, {case.reference}: {attach[0].stored_as} does not match its SHA-256",
        "1 other files intact, 1 damaged",
    ]
