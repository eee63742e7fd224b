"""Files that failed acts left behind are removed, and nothing that a row names or is about to name."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction

from applications.domain.attachments import add_attachment
from hubportal.documents.domain.files import folder_lock, write_file
from hubportal.documents.domain.orphans import KEPT_FOR, remove_orphans
from hubportal.documents.domain.storage import read_document
from hubportal.documents.tasks import remove_orphans_task
from hubportal.kernel.canonical import digest
from tests.factories.documents import kept_letter, letter_pdf
from tests.factories.moments import AT
from tests.factories.scenarios import written
from tests.racing import Underway

pytestmark = pytest.mark.django_db
CONTENT = b"%PDF-1.7 Een brief die er niet kwam."
NAME = f"documents/{digest(CONTENT)[:2]}/{digest(CONTENT)}.pdf"


def later() -> datetime:
    """Return a moment at which what is written now may go."""
    return datetime.now(UTC) + KEPT_FOR + timedelta(minutes=1)


def stored() -> Path:
    """Store a file of which no row came."""
    write_file(NAME, CONTENT, digest(CONTENT))
    return Path(default_storage.path(NAME))


def make_old(path: Path) -> None:
    long_ago = (datetime.now(UTC) - KEPT_FOR - timedelta(hours=1)).timestamp()
    os.utime(path, (long_ago, long_ago))


def test_only_what_no_row_names_is_removed() -> None:
    orphan, letter = stored(), kept_letter()
    case = written()
    attachment = add_attachment(
        application_id=case.pk, title="Plan", content=letter_pdf(), actor=case.applicant, at=AT
    )
    assert remove_orphans(at=later()) == 1
    assert not orphan.exists()
    assert read_document(letter)
    assert default_storage.exists(attachment.stored_as)
    assert remove_orphans(at=later()) == 0


def test_what_a_letter_that_failed_left_behind_goes_after_a_day() -> None:
    with transaction.atomic():
        path = Path(default_storage.path(kept_letter().stored_as))
        transaction.set_rollback(True)
    assert remove_orphans(at=datetime.now(UTC) + KEPT_FOR - timedelta(minutes=1)) == 0
    assert path.exists()
    assert remove_orphans(at=later()) == 1
    assert not path.exists()


def test_the_job_leaves_what_was_written_today() -> None:
    today = stored()
    remove_orphans_task()
    assert today.exists()
    make_old(today)
    remove_orphans_task()
    assert not today.exists()


def test_what_is_written_again_is_new_again() -> None:
    path = stored()
    make_old(path)
    stored()
    assert remove_orphans(at=datetime.now(UTC)) == 0
    assert path.exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_removed_while_somebody_comes_to_rely_on_it() -> None:
    path = stored()
    make_old(path)

    def remove() -> int:
        try:
            return remove_orphans(at=datetime.now(UTC))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with folder_lock(is_shared=True):
            removing = Underway(pool.submit(remove))
            assert removing.waits()
            os.utime(path)
        assert removing.result() == 0
    assert path.exists()
