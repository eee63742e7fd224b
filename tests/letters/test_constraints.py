"""What the database itself refuses of letters (rule 19)."""

from datetime import timedelta
from typing import Any

import pytest

from hubportal.accounts.enums import Role
from hubportal.mail.domain.sending import send_due_mails
from hubportal.mail.models import OutgoingMail
from letters.domain.producing import fix_moment_of_sending
from letters.enums import Channel, Part
from letters.models import Correction, Letter, PostRun, PrintedLetter, Recipient
from tests.factories.accounts import person
from tests.factories.documents import DocumentFactory
from tests.factories.moments import AT
from tests.letters.letters import KIND, OBJECTED, call_with, make, release
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def rows_of(letter: Letter) -> Any:
    return Letter.objects.filter(pk=letter.pk)


def test_a_letter_is_never_released_by_who_recorded_it() -> None:
    letter, officer = release(call_with(KIND)), person(Role.OFFICER)
    with refused_by("letter_released_by_somebody_else"):
        Letter.objects.create(
            text=letter.text,
            about="ZAAK-2",
            addressee="x",
            recorded_by=officer,
            released_by=officer,
            released_at=AT,
            content=b"{}",
            content_sha256="0" * 64,
        )


def test_a_letter_is_made_whole_and_sent_only_when_made() -> None:
    rows = rows_of(release(call_with(KIND)))
    for half in ({"dated_on": AT.date()}, {"document": DocumentFactory.create()}):
        with refused_by("letter_made_whole"):
            rows.update(**half)
    with refused_by("letter_sent_only_when_made"):
        rows.update(sent_at=AT)


def test_a_letter_is_told_from_its_first_sending() -> None:
    """Rule 26."""
    rows = rows_of(make(release(call_with(KIND))))
    for told_at in (None, AT + timedelta(seconds=1)):
        with refused_by("letter_told_from_its_first_sending"):
            rows.update(sent_at=AT, told_at=told_at)


def test_words_people_document_and_moment_never_change_and_it_is_never_removed() -> None:
    call = call_with(KIND, OBJECTED)
    letter, other = make(release(call)), release(call, OBJECTED)
    rows = rows_of(letter)
    rows.update(sent_at=AT, told_at=AT)
    for change in (
        {"content": b"{}"},
        {"text": other.text},
        {"about": "ZAAK-2"},
        {"recorded_by": person(Role.OFFICER)},
        {"released_by": person(Role.RELEASER)},
        {"released_at": AT + timedelta(seconds=1)},
        {"supersedes": other},
    ):
        with refused_by("letter_words_never_change"):
            rows.update(**change)
    for moment in (AT + timedelta(seconds=1), None):
        with refused_by("letter_sent_until_it_came_back"):
            rows.update(sent_at=moment)
    for moment in (AT - timedelta(seconds=1), None):
        with refused_by("letter_told_once"):
            rows.update(told_at=moment)
    with refused_by("letter_document_never_changes"):
        rows.update(document=DocumentFactory.create(), times_dated_anew=1)
    with refused_by("letter_never_removed"):
        rows._raw_delete(rows.db)


def test_a_letter_never_supersedes_itself() -> None:
    letter = release(call_with(KIND))
    values = {each.attname: getattr(letter, each.attname) for each in Letter._meta.concrete_fields}
    with refused_by("letter_never_supersedes_itself"):
        Letter.objects.create(**{**values, "id": 999_999, "supersedes_id": 999_999})


def test_before_it_was_sent_a_letter_has_another_document_only_when_it_is_dated_anew() -> None:
    """Rule 34."""
    rows, later = rows_of(make(release(call_with(KIND)))), DocumentFactory.create()
    for change in ({"document": later}, {"document": later, "times_dated_anew": 1}):
        with refused_by("letter_document_never_changes"):
            rows.update(**change)


def test_who_gets_a_letter_is_fixed_and_one_of_them_gets_the_original() -> None:
    letter = make(release(call_with(KIND)))
    send_due_mails(now=lambda: AT)
    fix_moment_of_sending(letter_id=letter.pk, at=AT)
    with refused_by("letter_has_one_original"):
        Recipient.objects.create(letter=letter, part=Part.ORIGINAL, name="x", email="x@voorbeeld.example")
    with refused_by("letter_recipient_of_a_known_part"):
        Recipient.objects.create(letter=letter, part="half", name="x", email="x@voorbeeld.example")
    copies = Recipient.objects.filter(letter=letter, part=Part.COPY)
    for change in (
        {"email": "ander@voorbeeld.example"},
        {"mail": None},
        {"mail": OutgoingMail.objects.first()},
    ):
        with refused_by("letter_recipient_never_changes"):
            copies.update(**change)
    with refused_by("letter_recipient_never_removed"):
        copies._raw_delete(copies.db)


def test_a_correction_is_explained_and_never_changes() -> None:
    letter = make(release(call_with(KIND)))
    values: dict[str, Any] = {"letter": letter, "recorded_by": person(Role.OFFICER), "recorded_at": AT}
    with refused_by("letter_correction_is_explained"):
        Correction.objects.create(**values, explanation="")
    with refused_by("letter_correction_taken_back_with_a_reason"):
        Correction.objects.create(**values, explanation="Het adres.", withdrawn_at=AT)
    Correction.objects.create(**values, explanation="Het adres.")
    with refused_by("letter_correction_one_that_counts"):
        Correction.objects.create(**values, explanation="De naam.")
    rows = Correction.objects.all()
    with refused_by("letter_correction_never_changes"):
        rows.update(explanation="Iets anders.")
    with refused_by("letter_correction_never_removed"):
        rows._raw_delete(rows.db)


def test_a_letter_on_paper_is_posted_by_somebody_on_its_day_and_made_once_for_each() -> None:
    """Rules 19 and 34."""
    call = call_with(OBJECTED)
    letter, by_mail = release(call, OBJECTED, channel=Channel.POST), release(call, OBJECTED)
    officer = person(Role.OFFICER)
    rows, day, document = rows_of(letter), AT.date(), DocumentFactory.create()
    whole: dict[str, Any] = {
        "document": document,
        "dated_on": day,
        "objection_deadline_on": day,
        "sent_at": AT,
        "told_at": AT,
        "posted_by": officer,
    }
    with refused_by("letter_made_whole"):
        rows.update(document=document, dated_on=day)
    with refused_by("letter_posted_by_somebody"):
        rows.update(**{**whole, "posted_by": None})
    with refused_by("letter_posted_by_somebody"):
        rows_of(by_mail).update(posted_by=officer)
    with refused_by("letter_posted_on_its_day"):
        rows.update(**{**whole, "dated_on": day + timedelta(days=1)})
    with refused_by("letter_by_a_known_channel"):
        release(call, OBJECTED, channel="crow")
    with refused_by("letter_channel_never_changes"):
        rows.update(channel=Channel.EMAIL)
    rows.update(**whole)
    with refused_by("letter_words_never_change"):
        rows.update(posted_by=person(Role.OFFICER))
    printed = PrintedLetter.objects.create(
        letter=letter, dated_on=day, title="x", stored_as="x", sha256="0" * 64, size=1, made_at=AT
    )
    with refused_by("letter_printed_once_for_a_day"):
        PrintedLetter.objects.create(
            letter=letter, dated_on=day, title="y", stored_as="y", sha256="1" * 64, size=1, made_at=AT
        )
    with refused_by("printed_letter_never_changes"):
        PrintedLetter.objects.update(dated_on=day + timedelta(days=1))
    with refused_by("printed_letter_never_changes"):
        printed.delete()


def test_the_post_of_an_officer_and_a_day_is_one_and_its_file_is_made_whole() -> None:
    officer = person(Role.OFFICER)
    PostRun.objects.create(asked_by=officer, asked_at=AT, dated_on=AT.date())
    with refused_by("post_run_once_for_an_officer_and_a_day"):
        PostRun.objects.create(asked_by=officer, asked_at=AT, dated_on=AT.date())
    with refused_by("post_run_made_whole"):
        PostRun.objects.update(stored_as="x")
