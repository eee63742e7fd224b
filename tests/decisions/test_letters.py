"""One letter per decision, released by a second person, sent once, its term computed (rules 19 and 20)."""

from collections.abc import Callable
from typing import Any

import pytest

from applications.enums import Status
from applications.models import Application
from decisions.domain.letter_facts import matter_of
from decisions.domain.releasing import LetterChanged, produce_letter_of_decision, release_letter_of_decision
from decisions.enums import LetterOfDecision
from decisions.queries import letters_visible_to
from decisions.tasks import produce_letters_task
from hubportal.accounts.enums import Role
from hubportal.accounts.models import RoleGrant, User
from hubportal.documents.domain.storage import read_document
from hubportal.documents.domain.verification import verify_code, verify_file
from hubportal.documents.enums import VerificationResult
from hubportal.documents.models import Document
from hubportal.kernel.canonical import digest
from hubportal.kernel.errors import NotAllowed
from hubportal.mail.domain.sending import send_due_mails
from hubportal.mail.models import OutgoingMail
from letters.domain.printing import letter_pdf
from letters.domain.producing import fix_moment_of_sending
from letters.models import Correction, Letter
from letters.queries import letters_to_produce
from organisations.domain.claiming import claim_organisation
from organisations.models import Representative
from reviews.domain.interests import declare_interest
from tests.decisions.letters import PRODUCED_AT, RELEASED_AT, release
from tests.factories.accounts import UserFactory, person
from tests.factories.granting import read
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, speaker_for
from tests.factories.scenarios import (
    after_deadline,
    committee,
    decided,
    facts_of,
    open_to,
    plain_pdf,
    produced,
    released,
    several_submitted,
)
from tests.racing import race

pytestmark = pytest.mark.django_db


class TestReleasing:
    def test_the_words_are_frozen_at_release(self) -> None:
        case = released()
        letter = case.decision.letter
        assert letter.content_sha256 == digest(bytes(letter.content))
        assert (letter.document, letter.dated_on, letter.sent_at) == (None, None, None)
        assert list(letters_to_produce(LetterOfDecision)) == [letter]
        assert Application.objects.get(pk=case.pk).status == Status.ADVISED

    def test_who_recorded_the_decision_does_not_release_it(self) -> None:
        """Rule 19, the two-person rule."""
        case = decided()
        officer = committee().officer
        RoleGrant.objects.create(user=officer, role=Role.RELEASER, granted_at=AT)
        with pytest.raises(NotAllowed):
            release(case, type(officer).objects.get(pk=officer.pk))
        assert not Letter.objects.exists()

    def test_a_second_account_of_the_same_mailbox_does_not_release_it_either(self) -> None:
        """Rules 19 and 28: one person with two accounts is not two."""
        case = decided()
        name, _at, domain = committee().officer.email.partition("@")
        second = person(Role.RELEASER, email=f"{name}+vrijgave@{domain}")
        open_to(case, second, committee().releaser)
        with pytest.raises(NotAllowed):
            release(case, second)
        assert not Letter.objects.exists()
        assert release(case, committee().releaser)

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

    @pytest.mark.parametrize(
        "change",
        [
            lambda case: case.call.mandated.update(name="Een ander"),
            lambda case: type(case.call).objects.update(objection_address="Elders 1"),
            lambda case: case.call.criteria.filter(title="Past bij het doel").update(title="Past"),
        ],
        ids=["who signs", "where to object", "the annex"],
    )
    def test_what_is_released_is_the_letter_that_was_read(self, change: Callable[[Any], Any]) -> None:
        """Rule 30: the act compares it, under its lock."""
        case, releaser = decided(), committee().releaser
        open_to(case, releaser)
        shown = read(case.decision, at=RELEASED_AT)
        change(case)
        for seen_there in (shown, ""):
            with pytest.raises(LetterChanged):
                release_letter_of_decision(
                    decision_id=case.decision.pk, seen=seen_there, actor=releaser, at=RELEASED_AT
                )
        assert not Letter.objects.exists()
        assert release(case, releaser).released_by == releaser

    def test_releasing_is_idempotent(self) -> None:
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


class TestProducing:
    def test_letter_document_mail_and_status_come_together_and_copies_once_it_was_sent(self) -> None:
        """Rules 34 and 35: each partner has its copy, of no other letter than the one that was sent."""
        case = produced()
        letter = case.decision.letter
        assert not OutgoingMail.objects.filter(kind="letter_copy").exists()
        sent_at = after_deadline(case, days=30, minutes=2)
        send_due_mails(now=lambda: sent_at)
        fix_moment_of_sending(letter_id=letter.pk, at=sent_at)
        assert case.status == Status.GRANTED
        assert letter.document.about == case.reference
        lead_mail = OutgoingMail.objects.get(kind="letter")
        letter.refresh_from_db()
        assert (lead_mail, lead_mail.recipient) == (letter.mail, case.people.main_applicant_email)
        copies = OutgoingMail.objects.filter(kind="letter_copy").values_list("recipient", flat=True)
        assert list(copies) == [case.partners[0].contact_email]
        for mail in OutgoingMail.objects.filter(kind__startswith="letter"):
            assert [each.stored_as for each in mail.attachments.all()] == [letter.document.stored_as]

    def test_nobody_whom_others_ended_since_gets_it_but_who_speaks_for_their_organisation_now(self) -> None:
        """Rule 27."""
        case = decided()
        partner, main = case.partners[0], case.people.main_applicant_email
        contact = UserFactory.create(email=partner.contact_email)
        applicant = User.objects.get(email=main)
        for user, organisation in ((contact, partner.organisation), (applicant, case.lead)):
            assert [each.email for each in matter_of(case.decision).readers].count(user.email) == 1
            Representative.objects.filter(user=user).delete()
            RepresentativeFactory.create(
                organisation=organisation,
                user=user,
                ended_at=AT,
                ended_by=committee().officer,
                end_reason="Weg.",
            )
        # Of the lead who signed for it; of the partner nobody is left.
        assert [each.email for each in matter_of(case.decision).readers] == [case.people.signatory_email]
        successor = speaker_for(partner.organisation)
        readers = matter_of(case.decision).readers
        assert [(each.part, each.email) for each in readers] == [
            ("original", case.people.signatory_email),
            ("copy", successor.email),
        ]

    def test_a_correction_goes_to_nobody_who_got_a_copy_instead_and_was_ended_since(self) -> None:
        case = decided()
        partner = case.partners[0]
        ended = {"ended_at": AT, "ended_by": committee().officer, "end_reason": "Weg."}
        contact = UserFactory.create(email=partner.contact_email)
        RepresentativeFactory.create(organisation=partner.organisation, user=contact, **ended)
        instead = speaker_for(partner.organisation)
        correction = Correction(
            letter=produced(case).decision.letter, addressee="", attention="", reasons="Zo."
        )
        assert [each.email for each in matter_of(case.decision, correction).readers][1:] == [instead.email]
        Representative.objects.filter(user=instead).update(**ended)
        assert [each.part for each in matter_of(case.decision, correction).readers] == ["original"]
        successor = speaker_for(partner.organisation)
        assert [each.email for each in matter_of(case.decision, correction).readers][1:] == [successor.email]

    def test_nor_where_they_say_since_to_speak_for_another_partner(self) -> None:
        """Anybody can say so (rule 27)."""
        case = decided(partners=2)
        one, other = (each.organisation for each in case.partners)
        ended = {"ended_at": AT, "ended_by": committee().officer, "end_reason": "Weg."}
        contact = UserFactory.create(email=case.partners[0].contact_email)
        RepresentativeFactory.create(organisation=one, user=contact, **ended)
        instead = speaker_for(one)
        correction = Correction(
            letter=produced(case).decision.letter, addressee="", attention="", reasons="Zo."
        )
        contact_of_other = case.partners[1].contact_email
        copies = {each.email for each in matter_of(case.decision, correction).readers if each.part == "copy"}
        assert copies == {instead.email, contact_of_other}
        Representative.objects.filter(user=instead).update(**ended)
        claim_organisation(facts=facts_of(other), actor=instead, at=AT)
        copies = {each.email for each in matter_of(case.decision, correction).readers if each.part == "copy"}
        assert copies == {contact_of_other}

    def test_who_is_proved_since_it_went_without_a_copy_for_their_organisation_gets_the_next_one(
        self,
    ) -> None:
        case = decided()
        partner = case.partners[0]
        ended = {"ended_at": AT, "ended_by": committee().officer, "end_reason": "Weg."}
        contact = UserFactory.create(email=partner.contact_email)
        RepresentativeFactory.create(organisation=partner.organisation, user=contact, **ended)
        correction = Correction(
            letter=produced(case).decision.letter, addressee="", attention="", reasons="Zo."
        )
        assert [each.part for each in matter_of(case.decision, correction).readers] == ["original"]
        successor = speaker_for(partner.organisation)
        assert [each.email for each in matter_of(case.decision, correction).readers][1:] == [successor.email]

    def test_producing_a_letter_is_idempotent(self) -> None:
        case = produced()
        assert not produce_letter_of_decision(
            letter_id=case.decision.letter.pk, make_pdf=plain_pdf, at=PRODUCED_AT
        )
        assert Document.objects.filter(kind="letter").count() == 1
        assert OutgoingMail.objects.filter(kind="letter").count() == 1

    def test_a_crash_halfway_leaves_nothing_and_the_next_sweep_makes_it(self, monkeypatch) -> None:
        case = released()
        with monkeypatch.context() as patch:
            patch.setattr("letters.domain.mails.queue_letter", lambda *_a, **_k: 1 / 0)
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

        monkeypatch.setattr("decisions.tasks.letter_pdf", make)
        produce_letters_task()
        statuses = dict(Application.objects.values_list("reference", "status"))
        assert statuses == {first.reference: Status.ADVISED, second.reference: Status.GRANTED}
        assert "failed, attempt 1" in caplog.text

    @pytest.mark.django_db(transaction=True)
    def test_two_workers_make_one_letter(self) -> None:
        case = released()
        letter_id = case.decision.letter.pk
        outcomes = race(
            *(
                lambda: produce_letter_of_decision(letter_id=letter_id, make_pdf=plain_pdf, at=PRODUCED_AT)
                for _each in range(3)
            )
        )
        assert sorted(outcomes) == [False, False, True]
        assert OutgoingMail.objects.filter(kind="letter").count() == 1

    def test_the_real_letter_is_signed_and_verified_by_code_and_by_file(self) -> None:
        case = produced(make_pdf=letter_pdf)
        document = case.decision.letter.document
        pdf = read_document(document)
        assert verify_code(document.verification_code).outcome == VerificationResult.GENUINE
        assert verify_file(pdf).outcome == VerificationResult.GENUINE
        assert verify_file(pdf[:-7] + b"%%EOF\n ").outcome == VerificationResult.ALTERED


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
