"""Messages go with their files once the application was decided or withdrawn long enough ago (rules 23 and 38)."""

from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from django.core.files.storage import default_storage

from applications.domain.submitting import withdraw
from correspondence.domain.writing import Added
from correspondence.enums import Side
from correspondence.models import Conversation, Message, MessageFile
from retention.domain.destroying import destroy_row, remove_file
from retention.enums import DataKind
from retention.queries import files_to_remove, past_period, rows_to_destroy
from tests.factories.conversing import ASKED_AT, answered, asked, delivered, discussed
from tests.factories.documents import letter_pdf
from tests.factories.retention import LATER, approved, report_on

pytestmark = pytest.mark.django_db


def blank_pdf() -> bytes:
    pdf, buffer = pikepdf.new(), BytesIO()
    pdf.add_blank_page()
    pdf.save(buffer)
    return buffer.getvalue()


WITHDRAWN_AT = ASKED_AT + timedelta(days=1)


def test_they_are_kept_from_the_end_of_the_application_or_the_last_message_after_it() -> None:
    case = discussed()
    first = asked(case)
    delivered()
    assert list(past_period(DataKind.MESSAGES, before=LATER)) == []
    withdraw(application_id=case.pk, actor=case.applicant, at=WITHDRAWN_AT)
    assert [each.kept_since for each in past_period(DataKind.MESSAGES, before=LATER)] == [WITHDRAWN_AT]
    assert list(past_period(DataKind.MESSAGES, before=WITHDRAWN_AT)) == []
    later = WITHDRAWN_AT + timedelta(days=1)
    answered(first, at=later)
    assert [each.kept_since for each in past_period(DataKind.MESSAGES, before=LATER)] == [later]


def test_a_conversation_goes_with_its_files_but_for_those_that_another_names() -> None:
    case = discussed()
    content = letter_pdf()
    stored = [asked(case, file=Added("Een", each)) for each in (content, content, blank_pdf())]
    names = [each.file.stored_as for each in stored]
    delivered()
    withdraw(application_id=case.pk, actor=case.applicant, at=WITHDRAWN_AT)
    # Of the second one the period is not over yet.
    answered(stored[1], side=Side.OFFICE, at=LATER)
    approved(report_on(DataKind.MESSAGES))
    due = LATER + timedelta(days=7)
    for row in list(rows_to_destroy(at=due)):
        destroy_row(listed_id=row.pk, at=due)
    for file in list(files_to_remove()):
        remove_file(file_id=file.pk, at=due)
    assert list(Conversation.objects.values_list("number", flat=True)) == [2]
    assert (Message.objects.count(), MessageFile.objects.count()) == (2, 1)
    assert asked(case, side=Side.OFFICE, at=due).conversation.number == 3
    assert [default_storage.exists(each) for each in names] == [True, True, False]
