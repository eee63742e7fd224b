"""A letter on paper is sent when somebody recorded that it was posted, and nobody learns of it before (rules 19, 26, 34)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from applications.enums import Status
from applications.models import Application
from calls.enums import Outcome
from calls.models import ReviewRound
from decisions.domain.correcting import (
    correct_letter_of_decision,
    fingerprint_of,
    release_correction,
    words_of,
)
from decisions.domain.posting import ask_for_post, record_posted
from decisions.domain.settling import settle_round
from decisions.enums import LetterOfDecision
from decisions.post_queries import bundle_open_to, letters_to_post, undeclared_letters_to_post
from decisions.queries import letters_visible_to
from decisions.tasks import produce_letters_task
from hubportal.accounts.enums import Role
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.documents.domain.files import read_file
from hubportal.documents.domain.verification import verify_code
from hubportal.documents.enums import VerificationResult
from hubportal.documents.models import Document
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.mail.domain.sending import send_due_mails
from hubportal.mail.models import OutgoingMail
from letters.domain.correcting import CorrectionAsTyped, correction_of, record_correction
from letters.domain.posting import InPostOfColleague, NotOfToday, bundle_post, print_letter
from letters.domain.producing import date_anew, produce_letter
from letters.enums import Channel, LetterState
from letters.models import Letter, PostRun, PrintedLetter
from letters.queries import letters_to_print, letters_to_produce, runs_to_bundle, state_of
from letters.tasks import print_letters_task
from regions.models import RegionChange
from reviews.domain.interests import declare_interest
from reviews.queries import asked_to_declare
from tests.factories.accounts import UserFactory, person
from tests.factories.moments import AT, moment
from tests.factories.organisations import speaker_for
from tests.factories.posting import posted, print_of, printed
from tests.factories.scenarios import (
    committee,
    open_to,
    plain_pdf,
    produced,
    released,
    several_submitted,
    submitted,
)
from tests.racing import held_open, race

pytestmark = pytest.mark.django_db

# The letters of the scenarios are released on this day, and printed and posted in the hours after it.
PRINTED_AT = moment("2024-06-13T16:00")
POSTED_AT = moment("2024-06-13T17:00")
LATE = moment("2024-06-13T23:59:59")
TOO_LATE = moment("2024-06-13T23:55")
NEXT_DAY = moment("2024-06-14T09:00")


def letter_of(case: Any) -> Letter:
    return Letter.objects.get(decision__application=case)


def record(*cases: Any, at: Any = POSTED_AT, actor: Any = None, printed_at: Any = None) -> list[Letter]:
    """Record that the letters of these cases were posted as they were made on the day of a moment."""
    prints = [print_of(each, at=printed_at or at).pk for each in cases]
    return record_posted(print_ids=prints, actor=actor or committee().officer, at=at)


def anew(case: Any, *, at: Any = NEXT_DAY) -> PrintedLetter:
    """Have the letter made for the post of another day."""
    return print_of(printed(case, printed_at=at), at=at)


class TestChoice:
    def test_how_it_goes_and_where_is_frozen_at_release_from_what_was_sealed(self) -> None:
        """Awb 2:8; rule 4."""
        by_mail = submitted()
        on_paper = submitted(call=by_mail.call, on_paper=True)
        by_mail, on_paper = released(by_mail), released(on_paper)
        assert [letter_of(each).channel for each in (by_mail, on_paper)] == [Channel.EMAIL, Channel.POST]
        content = bytes(letter_of(on_paper).content).decode()
        assert '"lines":["Voorbeeldstraat 1","1234 AB Voorbeelddorp"]' in content

    def test_no_job_makes_or_mails_a_letter_on_paper_by_itself(self) -> None:
        case = released(on_paper=True)
        letter = letter_of(case)
        assert not letters_to_produce(LetterOfDecision).exists()
        assert not letters_to_print(at=PRINTED_AT).exists()
        assert not produce_letter(
            letter_id=letter.pk, make_pdf=plain_pdf, at=PRINTED_AT, together_with=lambda _letter: None
        )
        produce_letters_task()
        print_letters_task()
        assert (letter_of(case).document, state_of(letter_of(case))) == (None, LetterState.TO_POST)
        assert not PrintedLetter.objects.exists()


class TestBeforeThePost:
    """Nobody learns that there is a decision (rule 26)."""

    @pytest.mark.parametrize("outcome", list(Outcome))
    def test_a_letter_that_is_made_but_not_posted_tells_nobody(self, outcome: Outcome) -> None:
        case = printed(outcome=outcome)
        code = print_of(case, at=PRINTED_AT).verification_code
        assert Application.objects.get(pk=case.pk).status == Status.ADVISED
        partner = speaker_for(case.partners[0].organisation)
        assert not any(letters_visible_to(each).exists() for each in (case.applicant, partner))
        assert verify_code(code).outcome == VerificationResult.UNKNOWN
        assert not Document.objects.filter(kind="letter").exists()
        assert not OutgoingMail.objects.filter(kind__startswith="letter").exists()
        assert not settle_round(round_id=case.review_round_id, at=PRINTED_AT)
        letter = letter_of(case)
        assert (letter.document, letter.dated_on, letter.sent_at, letter.objection_deadline_on) == (
            None, None, None, None,
        )  # fmt: skip
        assert list(every_violation()) == []

    def test_only_what_was_sent_is_corrected(self) -> None:
        case = printed()
        with pytest.raises(RuleViolation):
            record_correction(
                letter_id=letter_of(case).pk,
                typed=CorrectionAsTyped("x", "", "", ""),
                actor=committee().officer,
                at=PRINTED_AT,
            )


class TestPosting:
    def test_from_the_post_on_it_is_sent_as_a_mailed_letter_is(self, mailoutbox: Any) -> None:
        case = printed()
        made = print_of(case, at=PRINTED_AT)
        RegionChange.objects.all().delete()
        assert record(case) == [letter_of(case)]
        letter = letter_of(case)
        assert (letter.sent_at, letter.posted_by, letter.mail) == (POSTED_AT, committee().officer, None)
        assert (letter.dated_on, letter.objection_deadline_on) == (date(2024, 6, 13), date(2024, 7, 25))
        assert (letter.document.sha256, letter.document.dated_on) == (made.sha256, letter.dated_on)
        assert state_of(letter) == LetterState.SENT
        assert Application.objects.get(pk=case.pk).status == Status.GRANTED
        assert verify_code(made.verification_code).outcome == VerificationResult.GENUINE
        assert list(letters_visible_to(case.applicant)) == [letter]
        assert RegionChange.objects.filter(region=case.coalition.region_id).exists()
        send_due_mails(now=lambda: POSTED_AT + timedelta(minutes=1))
        told, copy = (
            each for each in mailoutbox if "besl" in each.subject.lower() or "brief" in each.subject
        )
        assert (told.to, told.attachments) == ([case.people.main_applicant_email], [])
        assert told.subject == f"Onze brief over aanvraag {case.reference} is vandaag op de post gedaan"
        where = f"{case.lead.name}, Voorbeeldstraat 1, 1234 AB Voorbeelddorp."
        assert where in told.body
        assert f"/aanvragen/{case.reference}/" in told.body
        assert "verleend" not in told.body
        assert copy.to == [case.partners[0].contact_email]
        assert len(copy.attachments) == 1
        assert settle_round(round_id=case.review_round_id, at=POSTED_AT)
        assert ReviewRound.objects.get(pk=case.review_round_id).settled_at == POSTED_AT
        event = AuditEvent.objects.get(act="letters.posted")
        assert (event.subject_id, event.actor_id) == (letter.pk, committee().officer.pk)
        assert list(every_violation()) == []

    def test_a_rejection_is_posted_too(self) -> None:
        case = posted(outcome=Outcome.REJECTED)
        assert (case.status, letter_of(case).sent_at) == (Status.REJECTED, POSTED_AT)
        assert list(every_violation()) == []

    def test_it_is_recorded_on_the_day_of_the_letter_until_midnight_and_not_after(self) -> None:
        """Rule 34."""
        first, second = (released(each, on_paper=True) for each in _two())
        for each in (first, second):
            printed(each)
        assert [each.sent_at for each in record(first, at=LATE)] == [LATE]
        with pytest.raises(NotOfToday):
            record(second, at=NEXT_DAY, printed_at=PRINTED_AT)
        assert letter_of(second).sent_at is None

    def test_all_are_recorded_or_none(self) -> None:
        first, second = (released(each, on_paper=True) for each in _two())
        printed(first)
        old = print_of(printed(second), at=PRINTED_AT)
        fresh = anew(first)
        with pytest.raises(NotOfToday):
            record_posted(print_ids=[fresh.pk, old.pk], actor=committee().officer, at=NEXT_DAY)
        assert not Letter.objects.filter(sent_at__isnull=False).exists()

    def test_what_was_not_posted_on_its_day_is_made_anew_and_what_was_made_before_verifies_as_replaced(
        self,
    ) -> None:
        case = printed()
        before = print_of(case, at=PRINTED_AT)
        assert list(letters_to_post(committee().officer)) == [letter_of(case)]
        assert not letters_to_print(at=NEXT_DAY).exists()
        fresh = anew(case)
        assert (fresh.dated_on, fresh.objection_deadline_on) == (date(2024, 6, 14), date(2024, 7, 26))
        assert verify_code(before.verification_code).outcome == VerificationResult.UNKNOWN
        record(case, at=NEXT_DAY)
        letter = letter_of(case)
        assert (letter.document.sha256, letter.objection_deadline_on) == (fresh.sha256, date(2024, 7, 26))
        assert verify_code(before.verification_code).outcome == VerificationResult.SUPERSEDED
        assert verify_code(fresh.verification_code).outcome == VerificationResult.GENUINE
        assert list(every_violation()) == []

    def test_a_correction_goes_on_paper_too_and_replaces_the_letter_once_it_was_posted(self) -> None:
        case = posted()
        words = replace(words_of(case.decision, letter_of(case)), explanation="Een fout.")
        correction = correct_letter_of_decision(
            decision_id=case.decision.pk,
            typed=words,
            seen=fingerprint_of(case.decision, correction_of(letter_of(case), words), at=POSTED_AT),
            actor=committee().officer,
            at=POSTED_AT,
        )
        second = release_correction(
            correction_id=correction.pk,
            seen=fingerprint_of(case.decision, correction, at=POSTED_AT),
            actor=committee().releaser,
            at=POSTED_AT,
        )
        assert (second.channel, list(letters_to_post(committee().officer))) == (Channel.POST, [second])
        ask_for_post(actor=committee().officer, at=NEXT_DAY)
        print_letter(letter_id=second.pk, make_pdf=plain_pdf, at=NEXT_DAY)
        made = PrintedLetter.objects.get(letter=second)
        first = letter_of(case).document
        assert verify_code(first.verification_code).outcome == VerificationResult.GENUINE
        record_posted(print_ids=[made.pk], actor=committee().officer, at=NEXT_DAY)
        assert verify_code(first.verification_code).outcome == VerificationResult.SUPERSEDED
        told = OutgoingMail.objects.filter(kind="letter_posted").latest("pk")
        assert "Deze brief vervangt onze brief van 13 juni 2024 met hetzelfde kenmerk." in told.body
        assert list(every_violation()) == []


def _two() -> list[Any]:
    return several_submitted(2, on_paper=True)


class TestWhoMay:
    def test_officers_to_whom_the_applications_are_open_ask_and_record(self) -> None:
        case = printed()
        for user in (person(Role.OFFICER), committee().releaser, committee().chair, case.applicant):
            with pytest.raises(NotAllowed):
                record(case, actor=user)
        for user in (committee().releaser, case.applicant, UserFactory.create()):
            with pytest.raises(NotAllowed):
                ask_for_post(actor=user, at=PRINTED_AT)
            assert not letters_to_post(user).exists()
        assert letter_of(case).sent_at is None

    def test_an_officer_declares_first_and_with_an_interest_learns_of_no_letter(self) -> None:
        """Rules 14 and 26."""
        case, officer = printed(), person(Role.OFFICER)
        assert [each.about for each in undeclared_letters_to_post(officer)] == [case.reference]
        assert [each.pk for each in asked_to_declare(officer)] == [case.pk]
        assert not letters_to_post(officer).exists()
        declare_interest(application_id=case.pk, has_interest=True, explanation="Ja", actor=officer, at=AT)
        for rows in (letters_to_post, undeclared_letters_to_post, asked_to_declare):
            assert not rows(officer).exists()
        with pytest.raises(RuleViolation, match="Er wachten geen brieven"):
            ask_for_post(actor=officer, at=PRINTED_AT)


class TestPostOfADay:
    def test_the_letters_of_today_are_put_together_for_who_asked(self, pdf_of_a_page: Any) -> None:
        cases = [released(each) for each in _two()]
        officer = committee().officer
        run = ask_for_post(actor=officer, at=PRINTED_AT)
        assert ask_for_post(actor=officer, at=PRINTED_AT + timedelta(minutes=1)).asked_at == PRINTED_AT
        assert not bundle_post(run_id=run.pk, at=PRINTED_AT)
        for each in letters_to_print(at=PRINTED_AT):
            assert print_letter(letter_id=each.pk, make_pdf=pdf_of_a_page, at=PRINTED_AT)
            assert not print_letter(letter_id=each.pk, make_pdf=pdf_of_a_page, at=PRINTED_AT)
        assert list(runs_to_bundle(at=PRINTED_AT)) == [run]
        assert bundle_post(run_id=run.pk, at=PRINTED_AT)
        assert not bundle_post(run_id=run.pk, at=PRINTED_AT)
        bundle = bundle_open_to(officer, on=PRINTED_AT.date()).get()
        assert read_file(bundle.stored_as, bundle.sha256).startswith(b"%PDF")
        other = person(Role.OFFICER)
        open_to(cases[0], other)
        assert not bundle_open_to(other, on=PRINTED_AT.date()).exists()

    def test_the_file_closes_when_a_letter_in_it_does(self, pdf_of_a_page: Any) -> None:
        """Rule 14."""
        case, officer = released(on_paper=True), person(Role.OFFICER)
        open_to(case, officer)
        run = ask_for_post(actor=officer, at=PRINTED_AT)
        print_letter(letter_id=letter_of(case).pk, make_pdf=pdf_of_a_page, at=PRINTED_AT)
        bundle_post(run_id=run.pk, at=PRINTED_AT)
        assert bundle_open_to(officer, on=PRINTED_AT.date()).exists()
        declare_interest(
            application_id=case.pk, has_interest=True, explanation="Toch", actor=officer, at=POSTED_AT
        )
        assert not bundle_open_to(officer, on=PRINTED_AT.date()).exists()

    def test_what_is_released_later_that_day_joins_when_asked_again_and_a_new_day_begins_empty(self) -> None:
        first, second = _two()
        first = released(first)
        officer = committee().officer
        run = ask_for_post(actor=officer, at=PRINTED_AT)
        assert list(run.letters.all()) == [letter_of(first)]
        second = released(second)
        again = ask_for_post(actor=officer, at=POSTED_AT)
        assert (again, again.asked_at, again.letters.count()) == (run, POSTED_AT, 2)
        ask_for_post(actor=officer, at=NEXT_DAY)
        assert list(PostRun.objects.values_list("dated_on", flat=True)) == [NEXT_DAY.date()]

    def test_a_letter_is_in_the_post_of_one_person(self) -> None:
        """Printed by two people, it would go twice."""
        *two, last = several_submitted(3, on_paper=True)
        first, second = (released(each) for each in two)
        officer, other = committee().officer, person(Role.OFFICER)
        for each in (first, second):
            open_to(each, other)
        mine = ask_for_post(actor=officer, at=PRINTED_AT)
        assert mine.letters.count() == 2
        with pytest.raises(InPostOfColleague):
            ask_for_post(actor=other, at=PRINTED_AT)
        third = released(last)
        open_to(third, other)
        theirs = ask_for_post(actor=other, at=POSTED_AT)
        assert list(theirs.letters.all()) == [letter_of(third)]
        assert mine.letters.count() == 2
        assert list(every_violation()) == []

    def test_what_was_posted_leaves_the_file_and_the_rest_is_put_together_anew(
        self, pdf_of_a_page: Any
    ) -> None:
        first, second = (released(each) for each in _two())
        officer, day = committee().officer, PRINTED_AT.date()
        run = ask_for_post(actor=officer, at=PRINTED_AT)
        for each in letters_to_print(at=PRINTED_AT):
            print_letter(letter_id=each.pk, make_pdf=pdf_of_a_page, at=PRINTED_AT)
        bundle_post(run_id=run.pk, at=PRINTED_AT)
        record(first)
        assert list(run.letters.all()) == [letter_of(second)]
        assert not bundle_open_to(officer, on=day).exists()
        assert list(runs_to_bundle(at=POSTED_AT)) == [run]
        assert bundle_post(run_id=run.pk, at=POSTED_AT)
        assert bundle_open_to(officer, on=day).exists()
        record(second)
        assert not bundle_open_to(officer, on=day).exists()
        assert not runs_to_bundle(at=POSTED_AT).exists()

    @pytest.mark.parametrize("evening", ["20:00", "23:50"])
    def test_nothing_is_asked_once_no_post_is_collected_any_more(self, evening: str) -> None:
        """Rule 34: it could not be posted on its day."""
        case = released(on_paper=True)
        with pytest.raises(NotOfToday):
            ask_for_post(actor=committee().officer, at=moment(f"2024-06-13T{evening}"))
        assert ask_for_post(actor=committee().officer, at=moment("2024-06-13T19:59"))
        assert list(letters_to_print(at=moment("2024-06-13T20:01"))) == [letter_of(case)]

    def test_nothing_is_asked_or_made_in_the_last_minutes_of_a_day(self) -> None:
        """Rule 34."""
        case = released(on_paper=True)
        with pytest.raises(NotOfToday):
            ask_for_post(actor=committee().officer, at=TOO_LATE)
        ask_for_post(actor=committee().officer, at=PRINTED_AT)
        assert not print_letter(letter_id=letter_of(case).pk, make_pdf=plain_pdf, at=TOO_LATE)
        assert not PrintedLetter.objects.exists()


def _asked(officer: Any) -> bool:
    try:
        ask_for_post(actor=officer, at=PRINTED_AT)
    except InPostOfColleague:
        return False
    return True


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_officers_record_one_post_once(self) -> None:
        case, other = printed(), person(Role.OFFICER)
        open_to(case, other)
        ways = race(*(lambda who=who: record(case, actor=who) for who in (committee().officer, other)))
        assert sorted(len(each) for each in ways) == [0, 1]
        assert OutgoingMail.objects.filter(kind="letter_posted").count() == 1
        assert OutgoingMail.objects.filter(kind="letter_copy").count() == 1

    def test_two_officers_ask_for_one_post(self) -> None:
        case, other = released(on_paper=True), person(Role.OFFICER)
        open_to(case, committee().officer)
        open_to(case, other)
        ways = race(*(lambda who=who: _asked(who) for who in (committee().officer, other)))
        assert sorted(ways) == [False, True]
        assert PostRun.objects.filter(letters=letter_of(case)).count() == 1

    def test_a_letter_that_is_being_recorded_as_posted_is_not_made_anew(self) -> None:
        case = printed()
        letter = letter_of(case)
        ask_for_post(actor=committee().officer, at=NEXT_DAY)
        with held_open(lambda: record(case)) as start:
            making = start(lambda: print_letter(letter_id=letter.pk, make_pdf=plain_pdf, at=NEXT_DAY))
            assert making.result() is False
        assert letter_of(case).dated_on == date(2024, 6, 13)
        assert not print_letter(letter_id=letter.pk, make_pdf=plain_pdf, at=NEXT_DAY)
        assert not date_anew(letter_id=letter.pk, make_pdf=plain_pdf, at=NEXT_DAY)

    def test_two_workers_make_one_letter_for_a_day(self) -> None:
        case = released(on_paper=True)
        letter = letter_of(case)
        ask_for_post(actor=committee().officer, at=PRINTED_AT)
        made = race(
            *(
                lambda: print_letter(letter_id=letter.pk, make_pdf=plain_pdf, at=PRINTED_AT)
                for _each in range(3)
            )
        )
        assert sorted(made, key=str) == [False, False, True]


def test_letters_by_mail_go_their_own_way() -> None:
    case = produced()
    assert not letters_to_post(committee().officer).exists()
    assert state_of(case.decision.letter) == LetterState.MADE
