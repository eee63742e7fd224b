"""A correction beside a letter that came back: one of them goes, to where the other went, and the office sees which (rules 19, 34)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from applications.enums import Status
from decisions.domain.correcting import release_correction, take_back_correction
from decisions.domain.returned_letters import send_letter_anew
from decisions.domain.settling import settle_round
from decisions.enums import TermKind
from decisions.queries import rounds_to_settle
from decisions.terms import terms_of
from decisions.totals import rounds_with_counts
from hubportal.audit.domain.collecting import every_violation
from hubportal.mail.domain.bouncing import record_bounce
from hubportal.mail.domain.returned import Returned, Verdict
from hubportal.mail.domain.sending import send_due_mails
from hubportal.mail.enums import MailStatus
from letters.domain.correcting import NotCorrectable
from letters.domain.producing import fix_moment_of_sending
from letters.domain.returning import NotInTrouble, note_bounce, send_anew
from letters.enums import LetterState, Part
from letters.models import Letter
from letters.queries import RESEND_AFTER, letters_that_came_back, letters_to_send_anew
from tests.decisions.test_correcting import LATER, correct, make, read_by_releaser, release
from tests.factories.accounts import log_in
from tests.factories.scenarios import after_deadline, committee, open_to, plain_pdf, produced, submitted
from tests.pages import page_text
from tests.racing import held_open
from website.queries import grants_in

pytestmark = pytest.mark.django_db


def told() -> Any:
    """Return an application whose letter was mailed, and when."""
    case = produced()
    at = after_deadline(case, days=30, minutes=2)
    sent(case.decision.letter, at=at)
    return case, at + timedelta(minutes=5)


def again(letter: Letter) -> Letter:
    return Letter.objects.select_related("mail", "document").get(pk=letter.pk)


def sent(letter: Letter, *, at: Any) -> Letter:
    """Let the mail of a letter go, and its copies."""
    send_due_mails(now=lambda: at)
    assert fix_moment_of_sending(letter_id=letter.pk, at=at)
    send_due_mails(now=lambda: at)
    return again(letter)


def back(letter: Letter, *, at: Any) -> Letter:
    """Let the mail of a letter come back."""
    token = again(letter).mail.return_token
    assert record_bounce(returned=Returned(Verdict.FAILED, (token,), "5.1.1 No such user"), at=at)
    note_bounce(letter_id=letter.pk, at=at)
    return again(letter)


def in_trouble(letter: Letter, *, at: Any) -> Letter:
    """Let a letter come back, go once more, and come back."""
    back(letter, at=at)
    assert send_anew(letter_id=letter.pk, make_pdf=plain_pdf, at=at + RESEND_AFTER)
    sent(letter, at=at + RESEND_AFTER)
    return back(letter, at=at + RESEND_AFTER + timedelta(minutes=1))


def corrected() -> Any:
    """Return an application whose letter was replaced by another one, which was sent."""
    case, _at = told()
    new = release(correct(case))
    make(new)
    sent(new, at=LATER + timedelta(minutes=1))
    return case, new


def officer_of(case: Any, client: Any) -> Any:
    officer = committee().officer
    open_to(case, officer)
    log_in(client, officer)
    return officer


def broken() -> list[str]:
    return [str(each) for each in every_violation() if each.rule in {19, 20, 26, 34}]


class TestTheStateThatTheOfficeSees:
    def test_of_a_new_letter_that_came_back_is_that_it_needs_somebody(self, client) -> None:
        case, new = corrected()
        in_trouble(new, at=LATER + timedelta(minutes=2))
        officer_of(case, client)
        panels = client.get(reverse("admin:index")).context["panels"]
        figures = {str(each.label): each.number for panel in panels for each in panel.figures}
        assert figures["Brieven waarvan de e-mail is mislukt, is teruggekomen of onzeker is"] == 1
        for state, number in ((LetterState.TROUBLE, 1), (LetterState.SENT, 0)):
            rows = client.get(reverse("admin:letters"), {"staat": state.value}).context["rows"]
            assert [each["state"] for each in rows] == [state] * number
        case_page = client.get(reverse("admin:decision", args=[case.reference]))
        assert case_page.context["letter_state"] == LetterState.TROUBLE
        review_round = case.review_round
        [row] = client.get(
            reverse("admin:round", args=[review_round.call.slug, review_round.number])
        ).context["rows"]
        assert row.letter_state == LetterState.TROUBLE

    def test_of_a_new_letter_that_waits_to_be_made_is_that_it_waits(self, client) -> None:
        case, _at = told()
        release(correct(case))
        officer_of(case, client)
        [row] = client.get(reverse("admin:letters")).context["rows"]
        assert row["state"] == LetterState.RELEASED


class TestALetterThatCameBackAndWasReplaced:
    def replaced(self) -> Any:
        """Return an application whose letter came back, and whose correction was sent in its place."""
        case, at = told()
        old = Letter.objects.get()
        correction = correct(case)
        back(old, at=at)
        return case, old, release(correction)

    def test_goes_no_more(self) -> None:
        case, old, _new = self.replaced()
        Letter.objects.filter(pk=old.pk).update(times_bounced=2)
        at = LATER + RESEND_AFTER + timedelta(hours=1)
        assert not letters_to_send_anew(at=at).exists()
        assert not send_anew(letter_id=old.pk, make_pdf=plain_pdf, at=at)
        with pytest.raises(NotInTrouble):
            send_letter_anew(
                decision_id=case.decision.pk,
                seen_mail=again(old).mail_id,
                email=case.people.signatory_email,
                reason="Gebeld.",
                actor=committee().officer,
                at=at,
            )
        assert broken() == []

    def test_is_named_by_the_invariants_where_it_goes_all_the_same(self) -> None:
        _case, old, _new = self.replaced()
        Letter.objects.filter(pk=old.pk).update(resend_asked_at=LATER, resend_reason="Gebeld.")
        assert broken() == [
            f"rule 19: letters.Letter {old.pk}: is still on its way though another one takes its place"
        ]

    def test_leaves_nothing_to_decide_and_its_round_is_settled(self) -> None:
        case, old, new = self.replaced()
        make(new)
        sent(new, at=LATER + timedelta(minutes=1))
        assert (again(old).sent_at, again(old).times_bounced) == (None, 1)
        officer = committee().officer
        open_to(case, officer)
        later = LATER + timedelta(hours=1)
        assert list(terms_of(officer, at=later, kind=TermKind.DECIDE, page=None, size=10)) == []
        assert rounds_with_counts(officer).get(pk=case.review_round_id).sent == 1
        assert rounds_to_settle().get() == case.review_round
        assert settle_round(round_id=case.review_round_id, at=later)
        assert broken() == []

    def test_whose_mail_comes_back_only_then_stays_as_it_was(self) -> None:
        _case, _new = corrected()
        old = Letter.objects.get(supersedes=None)
        kept = again(old).sent_at
        assert kept is not None
        assert back(old, at=kept + timedelta(minutes=5)).sent_at == kept
        assert not letters_that_came_back().exists()
        assert broken() == []


class TestALetterThatCameBackWhileACorrectionWaits:
    """What it says is known to be wrong, and the new letter is to be the only one."""

    def test_does_not_go_once_more_by_itself(self, client: Any) -> None:
        case, at = told()
        old = Letter.objects.get()
        correction = correct(case)
        back(old, at=at)
        officer_of(case, client)
        shown = page_text(client.get(reverse("admin:letter", args=[case.reference])))
        assert "Er wacht een verbetering. Daarom versturen wij deze brief niet vanzelf opnieuw." in shown
        later = at + RESEND_AFTER + timedelta(hours=1)
        assert not letters_to_send_anew(at=later).exists()
        assert not send_anew(letter_id=old.pk, make_pdf=plain_pdf, at=later)
        assert release(correction).supersedes == old
        assert broken() == []

    def test_goes_once_more_when_the_correction_is_taken_back(self) -> None:
        case, at = told()
        old = Letter.objects.get()
        correction = correct(case)
        back(old, at=at)
        take_back_correction(
            correction_id=correction.pk, reason="Toch goed.", actor=committee().officer, at=LATER
        )
        later = at + RESEND_AFTER + timedelta(hours=1)
        assert list(letters_to_send_anew(at=later)) == [old]
        assert send_anew(letter_id=old.pk, make_pdf=plain_pdf, at=later)
        assert broken() == []


class TestACorrectionOfALetterOnItsWay:
    def test_is_not_released_while_the_letter_goes_once_more(self) -> None:
        case, at = told()
        old = Letter.objects.get()
        correction = correct(case)
        back(old, at=at)
        ask(case, at=at + timedelta(minutes=1))
        assert send_anew(letter_id=old.pk, make_pdf=plain_pdf, at=at + RESEND_AFTER)
        with pytest.raises(NotCorrectable):
            release_correction(
                correction_id=correction.pk,
                seen=read_by_releaser(correction),
                actor=committee().releaser,
                at=LATER,
            )
        assert Letter.objects.count() == 1
        sent(old, at=at + RESEND_AFTER)
        assert release(correction).supersedes == old

    def test_is_not_released_while_the_office_asked_to_send_it_once_more(self) -> None:
        case, at = told()
        old = Letter.objects.get()
        correction = correct(case)
        back(old, at=at)
        ask(case, at=at + timedelta(hours=5))
        with pytest.raises(NotCorrectable):
            release(correction)


def ask(case: Any, *, at: Any, email: str = "") -> None:
    letter = again(case.decision.letter)
    send_letter_anew(
        decision_id=case.decision.pk,
        seen_mail=letter.mail_id,
        email=email or letter.recipients.get(part=Part.ORIGINAL).email,
        reason="Gebeld.",
        actor=committee().officer,
        at=at,
    )


def test_the_new_letter_goes_to_where_the_other_one_arrived_at_last() -> None:
    case, at = told()
    old = Letter.objects.get()
    in_trouble(old, at=at)
    signatory = case.people.signatory_email
    ask(case, at=at + timedelta(hours=5), email=signatory)
    anew = at + timedelta(hours=6)
    assert send_anew(letter_id=old.pk, make_pdf=plain_pdf, at=anew)
    sent(old, at=anew)
    new = release(correct(case))
    assert new.recipients.get(part=Part.ORIGINAL).email == signatory
    make(new)
    assert again(new).mail.recipient == signatory
    case.refresh_from_db()
    assert case.status == Status.GRANTED
    assert broken() == []


def test_the_order_of_the_grants_of_a_region_does_not_tell_that_a_letter_came_back() -> None:
    """Rule 26: nobody reads from a public page that a letter came back."""
    first = submitted()
    region = first.coalition.region
    cases = [produced(each) for each in (first, submitted(call=first.call, region=region))]
    at = after_deadline(first, days=30, minutes=2)
    send_due_mails(now=lambda: at)
    for each in cases:
        assert fix_moment_of_sending(letter_id=each.decision.letter.pk, at=at)
    order = [each.pk for each in grants_in(region)]
    assert sorted(order) == sorted(each.pk for each in cases)
    back(cases[0].decision.letter, at=at + timedelta(minutes=10))
    assert [each.pk for each in grants_in(region)] == order


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_a_letter_does_not_go_once_more_while_its_correction_is_released(self) -> None:
        case, at = told()
        old = case.decision.letter
        correction = correct(case)
        back(old, at=at)
        later = at + RESEND_AFTER
        with held_open(lambda: release(correction)) as meanwhile:
            again_sent = meanwhile(lambda: send_anew(letter_id=old.pk, make_pdf=plain_pdf, at=later))
            assert again_sent.result() is False
        assert send_anew(letter_id=old.pk, make_pdf=plain_pdf, at=later) is False
        assert again(old).mail.status == MailStatus.BOUNCED

    def test_a_letter_that_is_replaced_at_that_moment_keeps_its_moment_of_sending(self) -> None:
        case, at = told()
        old = again(case.decision.letter)
        correction = correct(case)
        returned = Returned(Verdict.FAILED, (old.mail.return_token,), "5.1.1 No such user")
        assert record_bounce(returned=returned, at=at)
        with held_open(lambda: release(correction)) as meanwhile:
            noted = meanwhile(lambda: note_bounce(letter_id=old.pk, at=at))
            assert noted.result() is False
        assert note_bounce(letter_id=old.pk, at=at) is False
        assert again(old).sent_at == old.sent_at
        assert broken() == []

    def test_a_correction_waits_for_the_letter_that_is_sent_once_more_at_that_moment(self) -> None:
        case, at = told()
        old = case.decision.letter
        correction = correct(case)
        back(old, at=at)
        ask(case, at=at + timedelta(minutes=1))
        later = at + RESEND_AFTER
        with held_open(lambda: send_anew(letter_id=old.pk, make_pdf=plain_pdf, at=later)) as meanwhile:
            released = meanwhile(lambda: release(correction))
            assert released.waits()
        with pytest.raises(NotCorrectable):
            released.result()
        assert Letter.objects.count() == 1
