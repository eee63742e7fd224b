"""Attaching files to a draft (rule 24)."""

from typing import IO

import pytest
from django.db import connection

from applications.domain import attachments
from applications.domain.attachments import add_attachment
from hubportal.kernel.errors import NotAllowed
from tests.factories import scenarios
from tests.factories.accounts import UserFactory
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT

pytestmark = pytest.mark.django_db(transaction=True)


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
