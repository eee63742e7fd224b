"""A letter that came back was not sent: it goes once more, and its term runs from the sending that arrived (rule 34)."""

from datetime import date, timedelta
from typing import Any

import pytest

from hubportal.accounts.enums import Role
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import RuleViolation
from hubportal.mail.domain.bouncing import record_bounce
from hubportal.mail.domain.returned import Returned, Verdict
from hubportal.mail.domain.sending import send_due_mails
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from letters.domain.producing import date_anew, fix_moment_of_sending
from letters.domain.returning import NotInTrouble, ask_to_send_anew, note_bounce, note_opening, send_anew
from letters.enums import LetterState, Part
from letters.models import Letter
from letters.queries import (
    RESEND_AFTER,
    in_state,
    letters_that_came_back,
    letters_to_send_anew,
    state_of,
    was_told,
)
from letters.tasks import note_bounces_task, send_anew_task
from tests.factories.accounts import UserFactory, person
from tests.factories.moments import moment
from tests.factories.scenarios import plain_pdf
from tests.letters.letters import OBJECTED, call_with, make, release
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

MADE_AT = moment("2024-06-26T22:00")
BACK_AT = MADE_AT + timedelta(minutes=3)
NEXT_DAY = moment("2024-06-27T09:00")


def sent(letter: Letter, *, at: Any) -> Letter:
    """Let the mail go, and its copies."""
    assert send_due_mails(now=lambda: at) == 1
    assert fix_moment_of_sending(letter_id=letter.pk, at=at)
    send_due_mails(now=lambda: at)
    return again(letter)


def again(letter: Letter) -> Letter:
    return Letter.objects.get(pk=letter.pk)


def mailed() -> Letter:
    return sent(make(release(call_with(OBJECTED), OBJECTED), at=MADE_AT), at=MADE_AT)


def bounce(letter: Letter, *, at: Any = BACK_AT, reason: str = "5.1.1 smtp; 550 No such user") -> None:
    mail = again(letter).mail
    assert record_bounce(returned=Returned(Verdict.FAILED, (mail.return_token,), reason), at=at) == mail


def came_back(*, at: Any = BACK_AT) -> Letter:
    letter = mailed()
    bounce(letter, at=at)
    assert note_bounce(letter_id=letter.pk, at=at)
    return again(letter)


def anew(letter: Letter, *, at: Any = NEXT_DAY) -> bool:
    return send_anew(letter_id=letter.pk, make_pdf=plain_pdf, at=at)


def twice() -> Letter:
    """Return a letter that came back twice, from the same address."""
    letter = came_back()
    assert anew(letter)
    sent(letter, at=NEXT_DAY)
    bounce(letter, at=NEXT_DAY + timedelta(minutes=1))
    assert note_bounce(letter_id=letter.pk, at=NEXT_DAY + timedelta(minutes=1))
    return again(letter)


def ask(letter: Letter, *, email: str = "goed@voorbeeld.example", **values: Any) -> Letter:
    values = {"reason": "Gebeld.", "actor": person(Role.OFFICER), "at": NEXT_DAY, **values}
    return ask_to_send_anew(letter_id=letter.pk, email=email, **values)


def test_a_letter_that_came_back_does_not_count_as_sent() -> None:
    letter = mailed()
    assert (letter.sent_at, letter.objection_deadline_on) == (MADE_AT, date(2024, 8, 7))
    bounce(letter)
    assert list(letters_that_came_back()) == [letter]
    assert [note_bounce(letter_id=letter.pk, at=BACK_AT) for _each in range(2)] == [True, False]
    letter = again(letter)
    assert (letter.sent_at, letter.bounced_at, letter.times_bounced) == (None, BACK_AT, 1)
    assert state_of(letter) == LetterState.MADE
    assert AuditEvent.objects.filter(act="letters.bounced", subject_id=letter.pk, actor_id=None).count() == 1
    assert list(every_violation()) == []


def test_one_that_came_back_before_its_sending_was_recorded_was_told_to_nobody() -> None:
    """Rule 26: once it is recorded, what everybody may know stays known whatever comes back."""
    letter = make(release(call_with(OBJECTED), OBJECTED), at=MADE_AT)
    assert send_due_mails(now=lambda: MADE_AT) == 1
    bounce(letter)
    assert not fix_moment_of_sending(letter_id=letter.pk, at=BACK_AT)
    assert note_bounce(letter_id=letter.pk, at=BACK_AT)
    letter = again(letter)
    assert (letter.times_bounced, letter.told_at, told(letter)) == (1, None, False)
    assert anew(letter)
    letter = sent(letter, at=NEXT_DAY)
    assert (letter.told_at, told(letter)) == (NEXT_DAY, True)
    bounce(letter, at=NEXT_DAY + timedelta(minutes=1))
    assert note_bounce(letter_id=letter.pk, at=NEXT_DAY + timedelta(minutes=1))
    letter = again(letter)
    assert (letter.sent_at, letter.told_at, told(letter)) == (None, NEXT_DAY, True)
    assert list(every_violation()) == []


def told(letter: Letter) -> bool:
    return OutgoingMail.objects.filter(was_told("letter"), letter=letter).exists()


def test_it_goes_once_more_to_the_same_address_after_a_while_and_the_term_runs_from_then() -> None:
    letter = came_back()
    assert not anew(letter, at=BACK_AT + timedelta(minutes=20))
    assert not letters_to_send_anew(at=BACK_AT + RESEND_AFTER - timedelta(seconds=1)).exists()
    assert list(letters_to_send_anew(at=BACK_AT + RESEND_AFTER)) == [letter]
    before = letter.document
    assert [anew(letter), anew(letter)] == [True, False]
    letter = sent(letter, at=NEXT_DAY)
    before.refresh_from_db()
    assert (letter.dated_on, letter.sent_at) == (date(2024, 6, 27), NEXT_DAY)
    # Six weeks from the day after the sending that arrived, not from the one that came back (Awb 6:8).
    assert letter.objection_deadline_on == date(2024, 8, 8)
    assert (before.superseded_by, letter.document.dated_on) == (letter.document, date(2024, 6, 27))
    assert state_of(letter) == LetterState.SENT
    mails = OutgoingMail.objects.filter(kind="letter").order_by("pk")
    assert [(each.recipient, each.status) for each in mails] == [
        ("een@voorbeeld.example", MailStatus.BOUNCED),
        ("een@voorbeeld.example", MailStatus.SENT),
    ]
    assert list(every_violation()) == []


def test_copies_follow_with_the_letter_that_arrived_and_say_what_they_replace(mailoutbox: Any) -> None:
    letter = came_back()
    anew(letter)
    sent(letter, at=NEXT_DAY)
    copies = [each for each in mailoutbox if each.to == ["twee@voorbeeld.example"]]
    assert len(copies) == 2
    assert "Deze brief vervangt onze brief van 26 juni 2024 met hetzelfde kenmerk." in copies[1].body
    assert again(letter).document.verification_code in copies[1].body


def test_on_the_same_day_the_letter_stays_and_copies_do_not_go_twice(mailoutbox: Any) -> None:
    letter = mailed()
    bounce(letter)
    note_bounce(letter_id=letter.pk, at=BACK_AT)
    ask_at = BACK_AT + timedelta(minutes=1)
    Letter.objects.filter(pk=letter.pk).update(times_bounced=2)
    ask(letter, at=ask_at)
    assert anew(letter, at=ask_at)
    assert send_due_mails(now=lambda: ask_at) == 1
    assert fix_moment_of_sending(letter_id=letter.pk, at=ask_at)
    assert send_due_mails(now=lambda: ask_at) == 0
    now = again(letter)
    assert (now.document, now.times_dated_anew, now.sent_at) == (letter.document, 0, ask_at)
    assert [each.to[0] for each in mailoutbox] == [
        "een@voorbeeld.example",
        "twee@voorbeeld.example",
        "goed@voorbeeld.example",
    ]


def test_nothing_goes_in_the_last_minutes_of_a_day() -> None:
    assert not anew(came_back(), at=moment("2024-06-27T23:56"))


def test_a_letter_that_came_back_twice_is_in_trouble_and_waits_for_the_office() -> None:
    letter = twice()
    assert (state_of(letter), letter.times_bounced) == (LetterState.TROUBLE, 2)
    assert not letters_to_send_anew(at=NEXT_DAY + timedelta(days=9)).exists()
    assert list(every_violation()) == []


def test_rows_and_one_letter_agree_on_its_state() -> None:
    letter = came_back()
    for _step in range(2):
        kept = [state for state in LetterState if in_state(state).filter(pk=letter.pk).exists()]
        assert kept == [state_of(again(letter))]
        letter = twice() if letter.times_bounced == 1 else letter


def test_the_office_sends_it_to_a_corrected_address(mailoutbox: Any) -> None:
    letter, officer = twice(), person(Role.OFFICER)
    assert ask(letter, actor=officer).resend_asked_at == NEXT_DAY
    # A second click.
    assert ask(letter, at=NEXT_DAY + timedelta(minutes=1)).resend_asked_at == NEXT_DAY
    assert state_of(again(letter)) == LetterState.MADE
    later = NEXT_DAY + timedelta(days=1)
    assert anew(letter, at=later)
    letter = sent(letter, at=later)
    assert (letter.sent_at, letter.resend_asked_at, letter.resend_reason) == (later, None, "Gebeld.")
    assert letter.recipients.get(part=Part.ORIGINAL).email == "goed@voorbeeld.example"
    assert mailoutbox[-2].to == ["goed@voorbeeld.example"]
    event = AuditEvent.objects.get(act="letters.send_anew_asked")
    assert (event.actor_id, event.facts) == (officer.pk, {"other_address": True})
    assert list(every_violation()) == []


def test_a_letter_that_the_server_refused_can_go_to_another_address_too() -> None:
    letter = make(release(call_with(OBJECTED), OBJECTED), at=MADE_AT)
    OutgoingMail.objects.filter(pk=letter.mail_id).update(
        status=MailStatus.FAILED, claimed_at=MADE_AT, attempts=1
    )
    ask(letter)
    assert OutgoingMail.objects.get(pk=letter.mail_id).status == MailStatus.SETTLED
    assert anew(letter)
    assert sent(letter, at=NEXT_DAY).sent_at == NEXT_DAY


def test_what_is_on_its_way_or_arrived_is_not_sent_once_more() -> None:
    letter = mailed()
    with pytest.raises(NotInTrouble):
        ask(letter)
    with pytest.raises(NotInTrouble):
        ask(release(call_with(OBJECTED, reference_prefix="X24"), OBJECTED))
    assert again(letter).resend_asked_at is None


def test_a_reason_is_needed() -> None:
    letter = twice()
    with pytest.raises(RuleViolation) as refusal:
        ask(letter, reason=" ")
    assert refusal.value.field == "reason"
    assert letter.recipients.get(part=Part.ORIGINAL).email == "een@voorbeeld.example"


def test_a_letter_that_was_opened_arrived_whatever_comes_back() -> None:
    """Who got a letter gains nothing by having it come back: its term goes on."""
    letter = mailed()
    opened_at = MADE_AT + timedelta(minutes=1)
    reader = UserFactory.create()
    assert [note_opening(letter_id=letter.pk, actor=reader, at=opened_at) for _each in range(2)] == [
        True,
        False,
    ]
    bounce(letter)
    assert not note_bounce(letter_id=letter.pk, at=BACK_AT)
    letter = again(letter)
    assert (letter.sent_at, letter.first_opened_at, state_of(letter)) == (
        MADE_AT,
        opened_at,
        LetterState.SENT,
    )
    event = AuditEvent.objects.get(act="letters.opened")
    assert (event.actor_id, event.happened_at) == (reader.pk, opened_at)
    assert list(every_violation()) == []


def test_opening_what_was_dated_anew_since_does_not_show_that_the_new_one_arrived() -> None:
    """The mail server was away for a day: the portal showed a letter whose term is another one (rule 34)."""
    letter = make(release(call_with(OBJECTED), OBJECTED), at=MADE_AT)
    assert note_opening(letter_id=letter.pk, actor=UserFactory.create(), at=MADE_AT + timedelta(minutes=1))
    assert date_anew(letter_id=letter.pk, make_pdf=plain_pdf, at=NEXT_DAY)
    letter = sent(letter, at=NEXT_DAY)
    bounce(letter, at=NEXT_DAY + timedelta(minutes=3))
    assert note_bounce(letter_id=letter.pk, at=NEXT_DAY + timedelta(minutes=3))
    assert again(letter).sent_at is None
    assert list(every_violation()) == []


def test_one_that_comes_back_before_its_sending_was_fixed_was_never_sent() -> None:
    letter = make(release(call_with(OBJECTED), OBJECTED), at=MADE_AT)
    send_due_mails(now=lambda: MADE_AT)
    bounce(letter)
    assert not fix_moment_of_sending(letter_id=letter.pk, at=BACK_AT)
    assert note_bounce(letter_id=letter.pk, at=BACK_AT)
    assert (again(letter).sent_at, again(letter).times_bounced) == (None, 1)


def test_the_sweeps_note_it_and_send_it_once_more() -> None:
    letter = mailed()
    bounce(letter)
    note_bounces_task()
    assert again(letter).times_bounced == 1
    send_anew_task()
    assert again(letter).mail.status == MailStatus.QUEUED


class TestDatabase:
    def test_a_letter_counts_as_sent_until_its_mail_came_back(self) -> None:
        rows = Letter.objects.filter(pk=mailed().pk)
        for change in ({"sent_at": None}, {"sent_at": None, "times_bounced": 1, "bounced_at": BACK_AT}):
            with refused_by("letter_sent_until_it_came_back"):
                rows.update(**change)

    def test_its_first_opening_never_changes(self) -> None:
        letter = mailed()
        note_opening(letter_id=letter.pk, actor=UserFactory.create(), at=BACK_AT)
        with refused_by("letter_words_never_change"):
            Letter.objects.filter(pk=letter.pk).update(first_opened_at=NEXT_DAY)

    def test_a_bounce_has_its_moment_a_resend_its_reason_and_an_opening_its_document(self) -> None:
        letter = mailed()
        with refused_by("letter_bounced_has_its_moment"):
            Letter.objects.filter(pk=letter.pk).update(times_bounced=1)
        with refused_by("letter_sent_anew_is_explained"):
            Letter.objects.filter(pk=letter.pk).update(resend_asked_at=BACK_AT, resend_reason="x")
        other = release(call_with(OBJECTED, reference_prefix="X24"), OBJECTED)
        with refused_by("letter_opened_only_when_made"):
            Letter.objects.filter(pk=other.pk).update(first_opened_at=BACK_AT)
        with refused_by("letter_sent_anew_is_explained"):
            Letter.objects.filter(pk=other.pk).update(resend_asked_at=BACK_AT)

    def test_an_address_changes_only_for_the_letter_that_is_sent_once_more(self) -> None:
        letter = twice()
        for part in Part:
            with refused_by("letter_recipient_never_changes"):
                letter.recipients.filter(part=part).update(email="ander@voorbeeld.example")
        ask(letter)
        with refused_by("letter_recipient_never_changes"):
            letter.recipients.filter(part=Part.COPY).update(email="ander@voorbeeld.example")
        with refused_by("letter_recipient_never_changes"):
            letter.recipients.filter(part=Part.ORIGINAL).update(name="Iemand anders")
