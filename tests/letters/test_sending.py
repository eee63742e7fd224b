"""A letter is sent once, and its term runs from the moment it really was (rule 19)."""

from datetime import date, timedelta
from typing import Any

import pytest

from hubportal.accounts.enums import Role
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.mail.domain.sending import claim_next, send_due_mails
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from hubportal.office.domain.failed_mails import settle_mail
from letters.domain.days import words_on_its_day
from letters.domain.producing import date_anew, deadline_for, fix_moment_of_sending, produce_letter
from letters.models import Letter
from letters.queries import letters_just_sent, letters_too_late
from letters.tasks import fix_moments_of_sending_task
from tests.decisions.letters import keeping
from tests.factories.accounts import person
from tests.factories.moments import moment
from tests.factories.scenarios import plain_pdf
from tests.letters.letters import KIND, OBJECTED, call_with, make, release
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

MADE_AT = moment("2024-06-26T10:00")


def made(*, at: Any = MADE_AT) -> Letter:
    return make(release(call_with(OBJECTED), OBJECTED), at=at)


def sent(letter: Letter, at: Any) -> Letter:
    send_due_mails(now=lambda: at)
    assert fix_moment_of_sending(letter_id=letter.pk, at=at)
    letter.refresh_from_db()
    return letter


def test_the_moment_of_sending_is_that_of_the_mail_to_the_addressee_and_is_fixed_once() -> None:
    """Rule 19."""
    letter = sent(made(), MADE_AT + timedelta(minutes=1))
    assert (letter.sent_at, letter.objection_deadline_on) == (
        MADE_AT + timedelta(minutes=1),
        date(2024, 8, 7),
    )
    assert not letters_just_sent().exists()
    assert not fix_moment_of_sending(letter_id=letter.pk, at=MADE_AT + timedelta(days=9))


IN_TIME, TOO_LATE = moment("2024-06-26T23:54:59"), moment("2024-06-26T23:55")
NEXT_DAY = moment("2024-06-27T00:03")


def anew(letter: Letter, *, at: Any = NEXT_DAY) -> bool:
    return date_anew(letter_id=letter.pk, make_pdf=plain_pdf, at=at)


class TestOneDay:
    """A letter is dated, printed and sent on one day (rule 34)."""

    def test_it_is_sent_until_five_minutes_before_midnight_and_not_after(self) -> None:
        assert sent(made(), IN_TIME).sent_at == IN_TIME

    def test_a_mail_that_waits_past_midnight_brings_the_letter_with_its_new_day(
        self, mailoutbox: Any
    ) -> None:
        letter = made()
        before = letter.document
        assert send_due_mails(now=lambda: TOO_LATE) == 0
        assert send_due_mails(now=lambda: NEXT_DAY) == 0
        assert not anew(letter, at=TOO_LATE)
        assert list(letters_too_late(at=NEXT_DAY)) == [letter]
        assert [anew(letter), anew(letter)] == [True, False]
        letter.refresh_from_db()
        before.refresh_from_db()
        assert (letter.dated_on, letter.document.dated_on) == (date(2024, 6, 27), date(2024, 6, 27))
        assert (letter.times_dated_anew, before.superseded_by) == (1, letter.document)
        letter = sent(letter, NEXT_DAY)
        assert (letter.sent_at, letter.objection_deadline_on) == (NEXT_DAY, date(2024, 8, 8))
        [original] = mailoutbox
        assert letter.document.verification_code in original.body
        assert before.verification_code not in original.body
        # It could be opened in the portal, or came through though the mail server did not say so (rule 19).
        assert "Deze brief vervangt onze brief van 26 juni 2024 met hetzelfde kenmerk." in original.body
        assert len(original.attachments) == 1
        assert AuditEvent.objects.filter(act="letters.dated_anew", subject_id=letter.pk).count() == 1
        assert list(every_violation()) == []

    def test_the_letter_itself_says_that_it_replaces_the_one_of_before(self) -> None:
        """Rule 19: from its making on that one could be opened in the portal, and its mail may have come through."""
        kept: list[dict[str, Any]] = []
        keep = keeping(kept)
        letter = make(release(call_with(OBJECTED), OBJECTED), at=MADE_AT, make_pdf=keep)
        for later in (NEXT_DAY, NEXT_DAY + timedelta(days=1)):
            assert date_anew(letter_id=letter.pk, make_pdf=keep, at=later)
        openings = [each["sections"][0] for each in kept]
        assert openings[0]["heading"] != "Nieuwe datum"
        assert [(each["heading"], each["paragraphs"]) for each in openings[1:]] == [
            (
                "Nieuwe datum",
                [
                    "Deze brief vervangt onze brief van 26 juni 2024 met hetzelfde kenmerk. Die brief geldt niet "
                    "meer. Alleen de datum is anders, en wat daaruit volgt."
                ],
            ),
            (
                "Nieuwe datum",
                [
                    "Deze brief vervangt onze brieven van 26 juni 2024 en 27 juni 2024 met hetzelfde kenmerk. Die "
                    "brieven gelden niet meer. Alleen de datum is anders, en wat daaruit volgt."
                ],
            ),
        ]
        assert [each["sections"][1:] for each in kept[1:]] == [
            words_on_its_day(
                letter,
                deadline_on=deadline_for(letter, sent_on=later.date()),
                before=None,
                at=later,
            )["sections"]
            for later in (NEXT_DAY, NEXT_DAY + timedelta(days=1))
        ]

    def test_nothing_is_made_in_the_last_minutes_of_a_day(self) -> None:
        letter = release(call_with(OBJECTED), OBJECTED)
        assert not produce_letter(letter_id=letter.pk, make_pdf=plain_pdf, at=TOO_LATE, together_with=print)
        assert make(letter, at=NEXT_DAY).dated_on == date(2024, 6, 27)

    def test_a_mail_whose_last_moment_passes_while_the_server_is_called_does_not_go(
        self, mailoutbox: Any
    ) -> None:
        letter = made()
        moments = iter([IN_TIME, IN_TIME, TOO_LATE, TOO_LATE])
        assert send_due_mails(now=lambda: next(moments)) == 0
        letter.mail.refresh_from_db()
        assert (letter.mail.status, letter.mail.attempts, mailoutbox) == (MailStatus.QUEUED, 0, [])
        assert anew(letter)

    def test_what_a_killed_worker_may_have_sent_is_never_made_anew_by_itself(self) -> None:
        """Rule 25: it is for the office to settle."""
        letter = made()
        assert claim_next(at=IN_TIME) == letter.mail
        assert not anew(letter)
        send_due_mails(now=lambda: NEXT_DAY)
        letter.mail.refresh_from_db()
        assert letter.mail.status == MailStatus.UNCERTAIN
        assert not anew(letter)

    def test_what_the_office_sends_again_on_another_day_is_dated_anew(self) -> None:
        letter = made()
        OutgoingMail.objects.filter(pk=letter.mail_id).update(status=MailStatus.FAILED)
        assert not anew(letter)
        settle_mail(mail_id=letter.mail_id, send_again=True, actor=person(Role.OFFICER), at=NEXT_DAY)
        assert send_due_mails(now=lambda: NEXT_DAY) == 0
        assert anew(letter)

    def test_copies_go_once_the_letter_went(self, mailoutbox: Any) -> None:
        letter = made()
        send_due_mails(now=lambda: TOO_LATE)
        anew(letter)
        sent(letter, NEXT_DAY)
        send_due_mails(now=lambda: NEXT_DAY)
        assert [each.to for each in mailoutbox] == [["een@voorbeeld.example"], ["twee@voorbeeld.example"]]

    def test_a_letter_that_was_sent_has_no_other_document(self) -> None:
        letter = sent(made(), IN_TIME)
        other = make(release(call_with(KIND, reference_prefix="X24"), KIND), at=NEXT_DAY).document
        with refused_by("letter_document_never_changes"):
            Letter.objects.filter(pk=letter.pk).update(document=other)


@pytest.mark.parametrize("status", [MailStatus.UNCERTAIN, MailStatus.FAILED, MailStatus.QUEUED])
def test_what_is_not_surely_sent_fixes_nothing(status: MailStatus) -> None:
    letter = made()
    OutgoingMail.objects.filter(pk=letter.mail_id).update(status=status)
    assert not fix_moment_of_sending(letter_id=letter.pk, at=MADE_AT)
    letter.refresh_from_db()
    assert letter.sent_at is None


def test_the_sweep_fixes_what_was_sent() -> None:
    letter = made()
    OutgoingMail.objects.filter(pk=letter.mail_id).update(status=MailStatus.SENT, sent_at=MADE_AT)
    fix_moments_of_sending_task()
    letter.refresh_from_db()
    assert letter.sent_at == MADE_AT
