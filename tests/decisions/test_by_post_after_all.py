"""A letter by e-mail that came back can go on paper, to the postal address that was sealed (rules 19, 30 and 34)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from applications.enums import Status
from decisions.domain.correcting import (
    correct_letter_of_decision,
    fingerprint_of,
    release_correction,
    words_of,
)
from decisions.domain.posting import ask_for_post, record_posted
from decisions.domain.returned_letters import OtherMail, UnknownAddress, send_letter_anew, send_letter_by_post
from decisions.domain.settling import settle_round
from decisions.post_queries import letters_to_post
from decisions.queries import rounds_to_settle
from decisions.totals import is_sent
from hubportal.accounts.enums import Role
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.documents.domain.verification import verify_code
from hubportal.documents.enums import VerificationResult
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.mail.domain.sending import send_due_mails
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from letters.domain.correcting import correction_of
from letters.domain.posting import print_letter
from letters.domain.returning import NotInTrouble, send_anew
from letters.enums import Channel, LetterState
from letters.models import Letter, PrintedLetter
from letters.queries import (
    RESEND_AFTER,
    in_state,
    is_underway,
    letters_that_came_back,
    letters_to_send_anew,
    state_of,
)
from tests.decisions.test_returned_letters import bounced, in_trouble, officer_with, page_of, sent
from tests.factories.accounts import UserFactory, person
from tests.factories.mail import queued_mail
from tests.factories.scenarios import after_deadline, committee, open_to, plain_pdf, produced
from tests.racing import race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

TYPED = {"reason": "De e-mail komt steeds terug."}
BY_POST = "send_letter_by_post"
# Of somebody else who speaks for the lead organisation.
GOOD = "goed@voorbeeld.example"


def letter_of(case: Any) -> Letter:
    return Letter.objects.select_related("mail", "document", "text__kind").get(pk=case.decision.letter_id)


def ask(case: Any, *, at: Any = None, **changes: Any) -> Letter:
    values = {"seen_mail": letter_of(case).mail_id, **TYPED, "actor": committee().officer, **changes}
    open_to(case, committee().officer)
    return send_letter_by_post(decision_id=case.decision.pk, at=at or after_deadline(case, days=32), **values)


def words_as_made(content: Any, code: str, at: Any) -> bytes:
    """Return the words of a letter in place of its PDF."""
    return plain_pdf(content, code, at) + repr(content["sections"]).encode()


def made_for_post(case: Any, *, at: Any) -> PrintedLetter:
    ask_for_post(actor=committee().officer, at=at)
    assert print_letter(letter_id=case.decision.letter_id, make_pdf=plain_pdf, at=at)
    return PrintedLetter.objects.get(letter=case.decision.letter_id, dated_on=at.date())


def post(case: Any, *, at: Any) -> list[Letter]:
    return record_posted(print_ids=[made_for_post(case, at=at).pk], actor=committee().officer, at=at)


def broken() -> list[str]:
    return [str(each) for each in every_violation()]


def test_it_joins_the_post_of_the_day_and_its_term_runs_from_the_day_that_it_was_posted(
    mailoutbox: Any,
) -> None:
    case = in_trouble()
    first = letter_of(case)
    asked = ask(case)
    assert (asked.channel, asked.sent_at, state_of(asked)) == (Channel.POST, None, LetterState.TO_POST)
    assert [state for state in LetterState if in_state(state).filter(pk=asked.pk).exists()] == [
        state_of(asked)
    ]
    assert list(letters_to_post(committee().officer)) == [asked]
    assert is_underway(letter_of(case))
    assert not rounds_to_settle().exists()
    assert broken() == []
    # A day on which nobody posted it.
    made_for_post(case, at=after_deadline(case, days=33))
    at = after_deadline(case, days=34)
    assert at.date() == date(2024, 6, 17)
    assert post(case, at=at) == [asked]
    letter = letter_of(case)
    assert (letter.sent_at, letter.dated_on, letter.objection_deadline_on, letter.posted_by) == (
        at, date(2024, 6, 17), date(2024, 7, 29), committee().officer,
    )  # fmt: skip
    assert verify_code(first.document.verification_code).outcome == VerificationResult.SUPERSEDED
    assert verify_code(letter.document.verification_code).outcome == VerificationResult.GENUINE
    case.refresh_from_db()
    assert case.status == Status.GRANTED
    assert type(case).objects.filter(is_sent(), pk=case.pk).exists()
    assert settle_round(round_id=case.review_round_id, at=at)
    mailoutbox.clear()
    send_due_mails(now=lambda: at)
    *told, copy = mailoutbox
    # Never at the mailbox that returned the letter.
    reached = sorted([case.people.signatory_email, GOOD])
    assert [(each.to, each.attachments) for each in told] == [([each], []) for each in reached]
    for each in told:
        assert "kwam terug" in each.body
        assert "U koos" not in each.body
    assert (copy.to, len(copy.attachments)) == ([case.partners[0].contact_email], 1)
    assert "Deze brief vervangt onze brieven van" in copy.body
    event = AuditEvent.objects.get(act="letters.by_post_asked")
    assert (event.subject_id, event.actor_id) == (letter.pk, committee().officer.pk)
    assert broken() == []


def test_that_it_was_posted_is_told_at_no_mailbox_that_returned_a_mail_about_it() -> None:
    case = in_trouble()
    ask(case)
    other = queued_mail(
        about=case.reference,
        recipient=case.people.signatory_email.replace("@", "+post@"),
        at=letter_of(case).told_at,
    )
    OutgoingMail.objects.filter(pk=other.pk).update(
        status=MailStatus.BOUNCED, claimed_at=other.queued_at, sent_at=other.queued_at, attempts=1,
        bounced_at=after_deadline(case, days=31), return_token="a" * 32,
    )  # fmt: skip
    post(case, at=after_deadline(case, days=33))
    told = OutgoingMail.objects.filter(kind="letter_posted").values_list("recipient", flat=True)
    assert list(told) == [GOOD]


def test_the_letter_on_paper_says_which_letters_it_replaces() -> None:
    case = in_trouble()
    ask(case)
    at = after_deadline(case, days=33)
    ask_for_post(actor=committee().officer, at=at)
    seen: list[str] = []

    def keep(content: Any, code: str, moment: Any) -> bytes:
        seen.append(repr(content["sections"]))
        return plain_pdf(content, code, moment)

    assert print_letter(letter_id=case.decision.letter_id, make_pdf=keep, at=at)
    assert "Deze brief vervangt onze brieven van 13 juni 2024 en 14 juni 2024" in seen[0]


def test_on_the_day_of_its_mail_the_letter_on_paper_speaks_of_no_other_date() -> None:
    case = produced()
    at = after_deadline(case, days=30, minutes=2)
    bounced(case, at=at)
    ask(case, at=at + timedelta(minutes=10))
    seen: list[str] = []

    def keep(content: Any, code: str, moment: Any) -> bytes:
        seen.append(repr(content["sections"]))
        return plain_pdf(content, code, moment)

    later = at + timedelta(hours=1)
    ask_for_post(actor=committee().officer, at=later)
    assert print_letter(letter_id=case.decision.letter_id, make_pdf=keep, at=later)
    assert "Nieuwe datum" not in seen[0]
    printed = PrintedLetter.objects.get()
    record_posted(print_ids=[printed.pk], actor=committee().officer, at=later)
    assert letter_of(case).sent_at == later
    assert broken() == []


def test_after_its_first_return_it_need_not_go_by_mail_again() -> None:
    case = produced()
    at = after_deadline(case, days=30, minutes=2)
    bounced(case, at=at)
    ask(case, at=at + timedelta(minutes=10))
    later = at + RESEND_AFTER + timedelta(hours=1)
    assert not letters_to_send_anew(at=later).exists()
    assert not send_anew(letter_id=case.decision.letter_id, make_pdf=plain_pdf, at=later)
    assert not letters_that_came_back().exists()


def test_whose_mail_the_server_refused_can_go_by_post_too() -> None:
    case = produced()
    mail = case.decision.letter.mail
    OutgoingMail.objects.filter(pk=mail.pk).update(
        status=MailStatus.FAILED, claimed_at=mail.queued_at, attempts=1
    )
    ask(case)
    assert OutgoingMail.objects.get(pk=mail.pk).status == MailStatus.SETTLED
    at = after_deadline(case, days=33)
    post(case, at=at)
    assert letter_of(case).sent_at == at
    assert broken() == []


def test_what_was_posted_comes_back_by_no_mail() -> None:
    case = in_trouble()
    ask(case)
    post(case, at=after_deadline(case, days=33))
    assert not letters_that_came_back().exists()
    with refused_by("letter_sent_until_it_came_back"):
        Letter.objects.filter(pk=case.decision.letter_id).update(sent_at=None, times_bounced=3)


def test_its_correction_goes_on_paper_too() -> None:
    """Otherwise it would go to the mailbox that sends everything back."""
    case = in_trouble()
    ask(case)
    at = after_deadline(case, days=33)
    post(case, at=at)
    letter, officer = letter_of(case), committee().officer
    words = replace(words_of(case.decision, letter), explanation="Een fout.")
    planned = correction_of(letter, words)
    correction = correct_letter_of_decision(
        decision_id=case.decision.pk,
        typed=words,
        seen=fingerprint_of(case.decision, planned, at=at),
        actor=officer,
        at=at,
    )
    new = release_correction(
        correction_id=correction.pk,
        seen=fingerprint_of(case.decision, correction, at=at),
        actor=committee().releaser,
        at=at,
    )
    assert new.channel == Channel.POST
    assert broken() == []


class TestWhoMay:
    def test_it_goes_to_no_address_but_the_sealed_one(self) -> None:
        """Nobody of the office has a decision posted to an address of their own choice (rules 19 and 27)."""
        case = in_trouble()
        people = case.people
        people.postal_street = "Elders 9"
        people.save(update_fields=["postal_street"])
        ask(case)
        assert b"Voorbeeldstraat 1" in bytes(letter_of(case).content)
        assert b"Elders" not in bytes(letter_of(case).content)

    def test_without_a_sealed_address_it_does_not_go(self, monkeypatch: Any) -> None:
        case = in_trouble()
        monkeypatch.setattr("decisions.domain.returned_letters.delivery_in", lambda _sealed: None)
        with pytest.raises(UnknownAddress):
            ask(case)
        assert letter_of(case).channel == Channel.EMAIL

    def test_nobody_but_an_officer_to_whom_it_is_open(self, client: Any) -> None:
        case = in_trouble()
        other = person(Role.OFFICER)
        for actor in (committee().releaser, UserFactory.create(), case.applicant):
            with pytest.raises(NotAllowed):
                ask(case, actor=actor)
        if other != committee().officer:
            with pytest.raises(NotAllowed):
                ask(case, actor=other)
        assert letter_of(case).channel == Channel.EMAIL

    def test_only_what_came_back(self) -> None:
        case = produced()
        with pytest.raises(NotInTrouble):
            ask(case)
        sent(case, after_deadline(case, days=30, minutes=2))
        with pytest.raises(NotInTrouble):
            ask(case)
        with pytest.raises(OtherMail):
            ask(case, seen_mail=1)

    def test_with_a_reason_and_once(self) -> None:
        case = in_trouble()
        with pytest.raises(RuleViolation) as refusal:
            ask(case, reason=" ")
        assert refusal.value.field == "reason"
        for _click in range(2):
            assert ask(case).channel == Channel.POST
        assert AuditEvent.objects.filter(act="letters.by_post_asked").count() == 1
        with pytest.raises(NotInTrouble):
            send_letter_anew(
                decision_id=case.decision.pk,
                seen_mail=letter_of(case).mail_id,
                email=case.people.signatory_email,
                reason="Toch maar.",
                actor=committee().officer,
                at=after_deadline(case, days=33),
            )


class TestPage:
    def test_shows_where_it_goes_and_what_starts_before_anything_is_recorded(self, client: Any) -> None:
        case = in_trouble()
        officer_with(case, client)
        assert page_of(case, BY_POST) in client.get(page_of(case, "letter")).content.decode()
        asked = client.get(page_of(case, BY_POST)).content.decode()
        assert "Voorbeeldstraat 1" in asked
        typed = {**TYPED, "seen": letter_of(case).mail_id}
        checked = client.post(page_of(case, BY_POST), typed)
        assert (checked.status_code, letter_of(case).channel) == (200, Channel.EMAIL)
        assert "Dit kan niet ongedaan worden gemaakt" in checked.content.decode()
        for _click in range(2):
            done = client.post(page_of(case, BY_POST), {**typed, "send": "1"})
            assert done.url == page_of(case, "letter")
        assert letter_of(case).channel == Channel.POST
        shown = client.get(page_of(case, "letter")).content.decode()
        assert TYPED["reason"] in shown
        assert "De aanvrager koos" not in shown
        assert page_of(case, BY_POST) not in shown
        listed = client.get(reverse("admin:post")).content.decode()
        assert "de e-mail kwam terug" in listed

    def test_keeps_what_was_typed_and_says_at_its_field_what_lacks(self, client: Any) -> None:
        case = in_trouble()
        officer_with(case, client)
        typed = {**TYPED, "seen": letter_of(case).mail_id}
        back = client.post(page_of(case, BY_POST), {**typed, "back": "1"})
        assert TYPED["reason"] in back.content.decode()
        refused = client.post(page_of(case, BY_POST), {**typed, "reason": " ", "send": "1"})
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["reason"])
        changed = client.post(page_of(case, BY_POST), {**typed, "seen": "1", "send": "1"})
        assert changed.url == page_of(case, "letter")
        assert letter_of(case).channel == Channel.EMAIL


class TestDatabase:
    def test_a_letter_goes_by_post_after_all_only_when_its_mail_did_not_arrive(self) -> None:
        case = produced()
        rows = Letter.objects.filter(pk=case.decision.letter_id)
        with refused_by("letter_channel_never_changes"):
            rows.update(channel=Channel.POST, resend_reason="x")
        sent(case, after_deadline(case, days=30, minutes=2))
        with refused_by("letter_channel_never_changes"):
            rows.update(channel=Channel.POST, resend_reason="x")

    def test_with_a_reason_and_never_back(self) -> None:
        case = in_trouble()
        rows = Letter.objects.filter(pk=case.decision.letter_id)
        with refused_by("letter_by_post_after_all_is_explained"):
            rows.update(channel=Channel.POST)
        ask(case)
        with refused_by("letter_channel_never_changes"):
            rows.update(channel=Channel.EMAIL)


@pytest.mark.django_db(transaction=True)
def test_it_goes_by_post_or_by_mail_and_never_by_both() -> None:
    case = produced()
    at = after_deadline(case, days=30, minutes=2)
    bounced(case, at=at)
    open_to(case, committee().officer)
    later, mail = at + RESEND_AFTER, letter_of(case).mail_id
    ways = race(
        lambda: bool(send_anew(letter_id=case.decision.letter_id, make_pdf=plain_pdf, at=later)),
        lambda: _tried(case, mail, later),
    )
    letter = letter_of(case)
    assert ways.count(True) == 1
    assert (letter.channel == Channel.POST) == (letter.mail_id == mail)


def _tried(case: Any, mail: int, at: Any) -> bool:
    try:
        ask(case, at=at, seen_mail=mail)
    except RuleViolation:
        return False
    return True
