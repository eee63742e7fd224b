"""One letter per decision, released by a second person, sent once, its term computed (rules 19 and 20)."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest

from applications.enums import Status
from applications.models import Application
from calls.enums import Outcome
from coalitions.models import Participation
from decisions.domain.letters import fix_moments_of_sending, produce_letter, release_letter
from decisions.letters.decision_letter import decision_letter_pdf
from decisions.models import DecisionLetter
from decisions.queries import letters_being_sent, letters_to_produce, letters_visible_to
from decisions.tasks import produce_letters_task
from hubportal.accounts.enums import Role
from hubportal.accounts.models import RoleGrant
from hubportal.documents.domain.keeping import read_document
from hubportal.documents.domain.verification import verify_code, verify_file
from hubportal.documents.enums import Outcome as Found
from hubportal.documents.models import Document
from hubportal.kernel.canonical import digest
from hubportal.kernel.errors import NotAllowed
from hubportal.mail.domain.sending import send_due_mails
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from reviews.domain.interests import declare_interest
from tests.factories.accounts import UserFactory, person
from tests.factories.calls import another_call_spec, make_call
from tests.factories.documents import DocumentFactory
from tests.factories.moments import AT, moment
from tests.factories.organisations import speaker_for
from tests.factories.scenarios import (
    committee,
    decided,
    join,
    open_to,
    plain_pdf,
    produced,
    released,
    several_submitted,
)
from tests.racing import race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

RELEASED_AT = moment("2024-06-13T14:00")
PRODUCED_AT = moment("2024-06-26T10:00")


def release(case: Any, actor: Any) -> DecisionLetter:
    return release_letter(decision_id=case.decision.pk, actor=actor, at=RELEASED_AT)


def words(case: Any) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(
        bytes(DecisionLetter.objects.get(decision__application=case).content)
    )
    return content


def seen(case: Any, **values: Any) -> dict[str, Any]:
    """Produce the letter and return what its PDF was made of."""
    kept: list[dict[str, Any]] = []

    def make(content: dict[str, Any], code: str, at: Any) -> bytes:
        kept.append(content)
        return plain_pdf(content, code, at)

    produced(case, make_pdf=make, **values)
    return kept[0]


class TestReleasing:
    def test_the_words_are_frozen_at_release(self) -> None:
        case = released()
        letter = case.decision.letter
        assert letter.content_sha256 == digest(bytes(letter.content))
        assert (letter.document, letter.dated_on, letter.sent_at) == (None, None, None)
        assert list(letters_to_produce()) == [letter]
        assert Application.objects.get(pk=case.pk).status == Status.ADVISED

    def test_who_recorded_the_decision_does_not_release_it(self) -> None:
        """Rule 19, the two-person rule."""
        case = decided()
        officer = committee().officer
        RoleGrant.objects.create(user=officer, role=Role.RELEASER, granted_at=AT)
        with pytest.raises(NotAllowed):
            release(case, type(officer).objects.get(pk=officer.pk))
        assert not DecisionLetter.objects.exists()

    @pytest.mark.parametrize("role", [Role.OFFICER, Role.CHAIR, Role.ADMINISTRATOR])
    def test_only_releasers_release(self, role: Role) -> None:
        case, user = decided(), person(role)
        if role != Role.ADMINISTRATOR:
            open_to(case, user)
        with pytest.raises(NotAllowed):
            release(case, user)

    def test_a_releaser_declares_first_and_with_an_interest_releases_nothing(self) -> None:
        """Rule 14."""
        case, releaser = decided(), person(Role.RELEASER)
        with pytest.raises(NotAllowed):
            release(case, releaser)
        declare_interest(application_id=case.pk, has_interest=True, explanation="Ja", actor=releaser, at=AT)
        with pytest.raises(NotAllowed):
            release(case, releaser)

    def test_a_second_click_finds_the_first_release(self) -> None:
        case = released()
        other = person(Role.RELEASER)
        open_to(case, other)
        again = release(case, other)
        assert (again, again.released_by) == (case.decision.letter, committee().releaser)

    @pytest.mark.django_db(transaction=True)
    def test_two_releasers_at_once_release_one_letter(self) -> None:
        case = decided()
        people = [committee().releaser, person(Role.RELEASER)]
        open_to(case, *people)
        first, second = race(*(lambda who=who: release(case, who) for who in people))
        assert first == second


class TestWords:
    """What a letter carries (rule 20)."""

    def test_a_grant_names_activities_amount_period_obligations_advance_and_account(self) -> None:
        case = decided(title="Samen aan zet", granted="40000.50")
        content = seen(case, produced_at=PRODUCED_AT)
        text = json.dumps(content, ensure_ascii=False, default=str)
        assert content["kind"] == "granted"
        assert content["reference"] == case.reference
        assert content["addressee"]["name"] == case.lead.name
        assert content["addressee"]["attention"] == case.people.signatory_name
        assert content["dated_on"] == date(2024, 6, 26)
        assert content["sender"]["name"] == case.call.deciding_body
        assert content["closing"]["on_behalf_of"] == case.call.mandate
        assert content["closing"]["name"] == committee().releaser.full_name
        facts = dict(next(each["rows"] for each in content["sections"] if each["rows"]))
        assert facts["Verleend, ten hoogste"] == "€\u00a040.000,50"
        assert facts["Gevraagd"] == "€\u00a048.000,00"
        assert facts["Looptijd"] == "25 juni 2024 tot en met 24 december 2024 (6 maanden)"
        for needed in (
            "Samen aan zet",
            "verplichtingen",
            "voorschot",
            "vast te stellen",
            case.call.legal_basis,
        ):
            assert needed in text
        assert "bezwaar" in text
        assert "7 augustus 2024" in text
        assert not re.search(r"\{\w+\}", text)

    def test_a_rejection_names_its_ground_and_grants_nothing(self) -> None:
        case = decided(outcome=Outcome.REJECTED, reasons="De begroting klopt niet.\n\nOok de aanpak is vaag.")
        content = seen(case)
        text = json.dumps(content, ensure_ascii=False, default=str)
        assert content["kind"] == "rejected"
        assert "De begroting klopt niet." in text
        assert "Ook de aanpak is vaag." in text
        assert "verleen u subsidie" not in text
        assert not any(each["rows"] for each in content["sections"])

    def test_the_advice_of_the_committee_is_enclosed_as_annex(self) -> None:
        annex = seen(decided())["annex"]
        text = json.dumps(annex, ensure_ascii=False)
        assert "De commissie adviseert subsidie te verlenen tot €\u00a048.000,00." in text
        assert "De begroting is sober." in text
        # The letter writes "Bijlage" beside it.
        assert annex["title"] == "Advies van de commissie"
        scores = annex["sections"][-1]["rows"]
        assert ["Past bij het doel (weging 25%)", "4,00"] in scores

    @pytest.mark.parametrize(
        ("produced_at", "deadline"),
        [
            ("2024-06-26T10:00", "7 augustus 2024"),
            ("2024-06-26T23:59", "7 augustus 2024"),
            ("2024-06-27T00:00", "8 augustus 2024"),
            ("2024-11-14T10:00", "27 december 2024"),
            ("2025-03-15T10:00", "28 april 2025"),
        ],
    )
    def test_it_is_dated_on_the_dutch_day_it_is_made_and_names_the_last_day_to_object(
        self, produced_at: str, deadline: str
    ) -> None:
        content = seen(released(), produced_at=moment(produced_at))
        text = json.dumps(content, ensure_ascii=False, default=str)
        letter = DecisionLetter.objects.get()
        assert (letter.dated_on, content["dated_on"]) == (content["dated_on"], moment(produced_at).date())
        assert deadline in text

    def test_braces_that_people_typed_stay_as_they_typed_them(self) -> None:
        typed = "Uiterlijk {objection_deadline} {} {{reasons}} {"
        case = decided(reasons=typed)
        content = seen(case)
        assert typed in json.dumps(content["sections"], ensure_ascii=False)
        assert "{objection_deadline}" not in json.dumps(content, ensure_ascii=False, default=str).replace(
            typed, ""
        )

    def test_who_joined_the_coalition_after_submission_is_not_in_it(self) -> None:
        """Rules 4 and 9: the letter speaks to who applied and consented."""
        case = decided()
        stranger = join(case.coalition_id, case.coalition.region, actor=case.applicant)
        text = json.dumps(seen(case), ensure_ascii=False, default=str)
        assert case.partners[0].organisation.name in text
        assert stranger.organisation.name not in text
        assert not OutgoingMail.objects.filter(recipient=stranger.contact_email).exists()


class TestProducing:
    def test_letter_document_mails_and_status_come_together(self) -> None:
        case = produced()
        letter = case.decision.letter
        assert case.status == Status.GRANTED
        assert letter.document.about == case.reference
        lead_mail = OutgoingMail.objects.get(kind="decision")
        assert (lead_mail, lead_mail.recipient) == (letter.mail, case.people.main_applicant_email)
        copies = OutgoingMail.objects.filter(kind="decision_copy").values_list("recipient", flat=True)
        assert list(copies) == [case.partners[0].contact_email]
        for mail in OutgoingMail.objects.filter(kind__startswith="decision"):
            assert [each.stored_as for each in mail.attachments.all()] == [letter.document.stored_as]

    def test_producing_twice_changes_nothing_the_second_time(self) -> None:
        case = produced()
        assert not produce_letter(letter_id=case.decision.letter.pk, make_pdf=plain_pdf, at=PRODUCED_AT)
        assert Document.objects.filter(kind="letter").count() == 1
        assert OutgoingMail.objects.filter(kind="decision").count() == 1

    def test_a_crash_halfway_leaves_nothing_and_the_next_sweep_makes_it(self, monkeypatch) -> None:
        case = released()
        with monkeypatch.context() as patch:
            patch.setattr("decisions.domain.mails.queue_letter", lambda *_a, **_k: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                produced(case)
        assert not Document.objects.filter(kind="letter").exists()
        case.refresh_from_db()
        assert produced(case).status == Status.GRANTED

    def test_a_letter_that_fails_does_not_keep_others_back(self, monkeypatch, caplog) -> None:
        first, second = several_submitted(2)
        for case in (first, second):
            case.refresh_from_db()
            released(case)

        def make(content: dict[str, Any], code: str, at: Any) -> bytes:
            if content["reference"] == first.reference:
                raise ValueError
            return plain_pdf(content, code, at)

        monkeypatch.setattr("decisions.tasks.decision_letter_pdf", make)
        produce_letters_task()
        statuses = dict(Application.objects.values_list("reference", "status"))
        assert statuses == {first.reference: Status.ADVISED, second.reference: Status.GRANTED}
        assert "was not made" in caplog.text

    @pytest.mark.django_db(transaction=True)
    def test_two_workers_make_one_letter(self) -> None:
        case = released()
        letter_id = case.decision.letter.pk
        outcomes = race(
            *(
                lambda: produce_letter(letter_id=letter_id, make_pdf=plain_pdf, at=PRODUCED_AT)
                for _each in range(3)
            )
        )
        assert sorted(outcomes) == [False, False, True]
        assert OutgoingMail.objects.filter(kind="decision").count() == 1

    def test_the_real_letter_is_signed_and_verified_by_code_and_by_file(self) -> None:
        case = produced(make_pdf=decision_letter_pdf)
        document = case.decision.letter.document
        pdf = read_document(document)
        assert verify_code(document.verification_code).outcome == Found.GENUINE
        assert verify_file(pdf).outcome == Found.GENUINE
        assert verify_file(pdf[:-7] + b"%%EOF\n ").outcome == Found.ALTERED


class TestSending:
    def sent(self, case: Any, at: Any) -> DecisionLetter:
        send_due_mails(now=lambda: at)
        fix_moments_of_sending(at=at)
        return DecisionLetter.objects.get(decision__application=case)

    def test_the_moment_of_sending_is_that_of_the_mail_to_the_lead_and_is_fixed_once(self) -> None:
        """Rule 19."""
        case = produced(produced_at=PRODUCED_AT)
        letter = self.sent(case, PRODUCED_AT + timedelta(minutes=1))
        assert (letter.sent_at, letter.objection_deadline_on) == (
            PRODUCED_AT + timedelta(minutes=1),
            date(2024, 8, 7),
        )
        assert not letters_being_sent().exists()
        assert fix_moments_of_sending(at=PRODUCED_AT + timedelta(days=9)) == 0

    def test_the_term_runs_from_the_day_it_was_really_sent(self) -> None:
        case = produced(produced_at=moment("2024-06-26T23:58"))
        letter = self.sent(case, moment("2024-06-27T00:03"))
        assert (letter.dated_on, letter.objection_deadline_on) == (date(2024, 6, 26), date(2024, 8, 8))

    @pytest.mark.parametrize("status", [MailStatus.UNCERTAIN, MailStatus.FAILED, MailStatus.QUEUED])
    def test_what_is_not_surely_sent_fixes_nothing(self, status: MailStatus) -> None:
        case = produced()
        OutgoingMail.objects.filter(pk=case.decision.letter.mail_id).update(status=status)
        assert fix_moments_of_sending(at=PRODUCED_AT) == 0
        assert DecisionLetter.objects.get().sent_at is None


class TestSeeing:
    def test_lead_partners_and_who_handles_it_open_the_letter(self) -> None:
        """Rule 22."""
        case = produced()
        letter = case.decision.letter
        partner = speaker_for(case.partners[0].organisation)
        for user in (case.applicant, partner, committee().officer, committee().releaser):
            assert list(letters_visible_to(user)) == [letter]
        for user in (
            UserFactory.create(),
            person(Role.OFFICER),
            person(Role.KWARTIERMAKER),
            person(Role.ADMINISTRATOR),
        ):
            assert not letters_visible_to(user).exists()

    def test_nobody_opens_what_is_not_made(self) -> None:
        case = released()
        assert not letters_visible_to(case.applicant).exists()


class TestDatabase:
    def test_a_letter_is_never_released_by_who_recorded_it(self) -> None:
        case = decided()
        officer = committee().officer
        with refused_by("decision_letter_released_by_somebody_else"):
            DecisionLetter.objects.create(
                decision=case.decision,
                recorded_by=officer,
                released_by=officer,
                released_at=AT,
                content=b"{}",
                content_sha256="0" * 64,
            )

    def test_a_letter_is_made_whole_and_sent_only_when_made(self) -> None:
        rows = DecisionLetter.objects.filter(pk=released().decision.letter.pk)
        for half in ({"dated_on": AT.date()}, {"document": DocumentFactory.create()}):
            with refused_by("decision_letter_produced_whole"):
                rows.update(**half)
        with refused_by("decision_letter_sent_only_when_produced"):
            rows.update(sent_at=AT)

    def test_words_releaser_document_and_moment_never_change_and_it_is_never_removed(self) -> None:
        case = produced()
        rows = DecisionLetter.objects.filter(pk=case.decision.letter.pk)
        rows.update(sent_at=AT)
        for change in (
            {"content": b"{}"},
            {"released_by": person(Role.RELEASER)},
            {"released_at": AT},
            {"document": DocumentFactory.create()},
            {"sent_at": AT + timedelta(seconds=1)},
            {"sent_at": None},
        ):
            with refused_by("decision_letter_words_never_change"):
                rows.update(**change)
        with refused_by("decision_letter_never_removed"):
            rows._raw_delete(rows.db)


def test_another_call_runs_to_letters_without_code() -> None:
    """Rule 1: EUR 120,000, 12 months, three partners, two rounds, other criteria, sections and letters."""
    call = make_call(spec=another_call_spec())
    at = moment("2025-02-10T10:00")
    first = produced(call=call, at=at, amount="119999.99")
    assert first.reference == "DBH25-0001"
    assert (first.duration_months, first.coalition.participations.count()) == (12, 3)
    assert first.assignments.count() == 3
    assert first.decision.letter.document is not None
    text = json.dumps(words(first), ensure_ascii=False)
    assert f"{first.lead.name} krijgt €\u00a0119.999,99" in text
    assert "Nut (weging 60%)" in text
    assert "schaal van 1 tot 4" in text
    assert Participation.objects.filter(coalition=first.coalition, is_lead=False).count() == 2
    assert OutgoingMail.objects.filter(kind="decision_copy", about=first.reference).count() == 2
    second = produced(call=call, at=moment("2025-04-15T10:00"), outcome=Outcome.REJECTED)
    assert (second.review_round.number, second.status) == (2, Status.REJECTED)
    assert f"{second.lead.name} krijgt geen €\u00a048.000,00" in json.dumps(words(second), ensure_ascii=False)
