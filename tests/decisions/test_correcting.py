"""A letter that was sent is corrected by another one that takes its place and says so (rule 19)."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from applications.enums import Status
from decisions.domain.correcting import (
    correct_letter_of_decision,
    fingerprint_of,
    release_correction,
    save_correction_draft,
    take_back_correction,
    words_of,
)
from decisions.domain.releasing import (
    LetterChanged,
    produce_letter_of_decision,
    release_letter_of_decision,
)
from decisions.models import Decision
from decisions.queries import corrections_awaiting_release
from hubportal.accounts.enums import Role
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.documents.domain.storage import read_document
from hubportal.documents.domain.verification import verify_code
from hubportal.documents.enums import VerificationResult
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import NewerVersion, SomebodyWasFirst
from hubportal.mail.domain.sending import send_due_mails
from hubportal.mail.models import OutgoingMail
from letters.domain.correcting import CorrectionAsTyped, NotCorrectable, as_typed, correction_of
from letters.domain.producing import fix_moment_of_sending
from letters.domain.setup import put_in_force
from letters.domain.structure import plain_text
from letters.models import Correction, CorrectionDraft, Letter
from letters.queries import current
from reviews.domain.interests import declare_interest
from reviews.queries import asked_to_declare
from tests.decided_world import send
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.scenarios import committee, decided, open_to, plain_pdf, produced, released
from tests.racing import race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=90)


def told() -> Any:
    """Return an application whose letter was sent."""
    case = produced()
    send(case.decision.letter)
    return case


def typed(case: Any, **changes: str) -> CorrectionAsTyped:
    """Return a correction as it is typed: the words of now, but for what changes."""
    words = words_of(case.decision, current(case.decision.letter))
    return replace(words, explanation="De regio was verkeerd vermeld.", **changes)


def correct(case: Any, actor: Any = None, **changes: str) -> Correction:
    """Record a correction, as an officer who read the new letter."""
    words = replace(typed(case), **changes)
    decision = Decision.objects.get(pk=case.decision.pk)
    seen = fingerprint_of(decision, correction_of(current(decision.letter), words), at=LATER)
    return correct_letter_of_decision(
        decision_id=decision.pk, typed=words, seen=seen, actor=actor or committee().officer, at=LATER
    )


def read_by_releaser(correction: Correction) -> str:
    """Return the fingerprint of the new letter, as its page shows it."""
    decision = Decision.objects.get(application__reference=correction.letter.about)
    return fingerprint_of(decision, Correction.objects.get(pk=correction.pk), at=LATER)


def release(correction: Correction, actor: Any = None) -> Letter:
    """Release the letter of a correction, as somebody who read it."""
    return release_correction(
        correction_id=correction.pk,
        seen=read_by_releaser(correction),
        actor=actor or committee().releaser,
        at=LATER,
    )


def make(letter: Letter) -> None:
    assert produce_letter_of_decision(letter_id=letter.pk, make_pdf=plain_pdf, at=LATER)
    letter.refresh_from_db()


def test_the_new_letter_says_first_that_it_replaces_the_other_and_why() -> None:
    case = told()
    old = Letter.objects.get()
    new = release(correct(case, explanation="De regio was verkeerd vermeld.\n\nDe rest is gelijk."))
    content, before = (json.loads(bytes(each.content)) for each in (new, old))
    first, *others = content["sections"]
    assert first == {
        "heading": "Verbeterde brief",
        "paragraphs": [
            "Deze brief vervangt onze brief van 13 juni 2024 met hetzelfde kenmerk. Die brief geldt niet meer.",
            "De regio was verkeerd vermeld.",
            "De rest is gelijk.",
        ],
        "items": [],
        "rows": [],
    }
    # Its own mark stands in the clause on objections.
    same = json.loads(json.dumps(others).replace("/B2", "/B1"))
    assert (same, content["subject"]) == (before["sections"], before["subject"])
    assert (before["mark"], content["mark"]) == (f"{case.reference}/B1", f"{case.reference}/B2")
    assert (new.supersedes, new.about, new.text) == (old, old.about, old.text)


def test_made_it_takes_the_place_of_the_letter_and_its_document_and_moves_no_status() -> None:
    case = told()
    old = Letter.objects.select_related("document").get()
    new = release(correct(case))
    # Until it is there, the letter that was sent counts.
    assert current(old) == old
    assert verify_code(old.document.verification_code).outcome == VerificationResult.GENUINE
    make(new)
    assert current(old) == new
    assert verify_code(old.document.verification_code).outcome == VerificationResult.SUPERSEDED
    assert verify_code(new.document.verification_code).outcome == VerificationResult.GENUINE
    case.refresh_from_db()
    assert (case.status, case.decision.letter) == (Status.GRANTED, old)
    new.refresh_from_db()
    sent_at = LATER + timedelta(minutes=1)
    send_due_mails(now=lambda: sent_at)
    fix_moment_of_sending(letter_id=new.pk, at=sent_at)
    mails = OutgoingMail.objects.filter(attachments__stored_as=new.document.stored_as).order_by("pk")
    assert [each.kind for each in mails] == ["letter", "letter_copy"]
    assert all(
        "Deze brief vervangt onze brief van 13 juni 2024 met hetzelfde kenmerk." in each.body
        for each in mails
    )
    assert list(map(str, every_violation())) == []


def test_applicant_and_office_get_the_letter_that_counts(client: Any) -> None:
    case = told()
    for make_it in (False, True):
        letter = Letter.objects.get()
        if make_it:
            letter = release(correct(case))
            make(letter)
        expected = read_document(letter.document)
        for user, name in ((case.applicant, "decisions:letter"), (committee().officer, "admin:letter_pdf")):
            log_in(client, user)
            assert client.get(reverse(name, args=[case.reference])).content == expected


def test_a_correction_is_corrected_in_turn() -> None:
    case = told()
    second = release(correct(case))
    make(second)
    with pytest.raises(NotCorrectable):
        correct(case)
    send(second)
    third = release(correct(case, explanation="Nog eens."))
    make(third)
    assert third.supersedes == second
    assert list(map(str, every_violation())) == []


@pytest.mark.parametrize("stage", [decided, released, produced])
def test_a_letter_that_was_not_sent_is_not_corrected(stage: Any) -> None:
    case = stage()
    words = CorrectionAsTyped("Iets.", "Stichting", "mevrouw", "Redenen.")
    with pytest.raises(NotCorrectable):
        correct_letter_of_decision(
            decision_id=case.decision.pk, typed=words, seen="", actor=committee().officer, at=LATER
        )
    assert not Correction.objects.exists()


@pytest.mark.parametrize("field", ["explanation", "addressee", "attention", "reasons"])
def test_a_correction_says_everything(field: str) -> None:
    case = told()
    with pytest.raises(RuleViolation) as refusal:
        correct(case, **{field: " \n"})
    assert refusal.value.field == field
    assert not Correction.objects.exists()


def test_a_letter_is_corrected_once() -> None:
    case = told()
    correct(case)
    with pytest.raises(NotCorrectable):
        correct(case)


def test_who_recorded_a_correction_does_not_release_it() -> None:
    """Rule 19, the two-person rule: the correction's, not the decision's."""
    case, colleague = told(), person(Role.OFFICER)
    open_to(case, colleague)
    colleague.role_grants.create(role=Role.RELEASER, granted_at=AT)
    colleague = type(colleague).objects.get(pk=colleague.pk)
    correction = correct(case, colleague)
    assert not corrections_awaiting_release(colleague).exists()
    with pytest.raises(NotAllowed):
        release(correction, colleague)
    assert list(corrections_awaiting_release(committee().releaser)) == [correction]
    assert release(correction) == release(correction)
    assert not corrections_awaiting_release(committee().releaser).exists()


def test_a_second_account_of_its_mailbox_does_not_release_a_correction() -> None:
    """Rules 19 and 28."""
    case, colleague = told(), person(Role.OFFICER, email="mia@bureau.example")
    second = person(Role.RELEASER, email="Mia+2@bureau.example")
    open_to(case, colleague, second)
    correction = correct(case, colleague)
    with pytest.raises(NotAllowed):
        release(correction, second)
    assert release(correction)


def test_only_officers_correct_and_only_what_is_open_to_them() -> None:
    """Rule 14."""
    case = told()
    for actor in (committee().releaser, person(Role.OFFICER)):
        with pytest.raises(NotAllowed):
            correct(case, actor)
    correction = correct(case)
    stranger = person(Role.RELEASER)
    assert list(asked_to_declare(stranger)) == [case]
    for actor in (committee().officer, stranger):
        with pytest.raises(NotAllowed):
            release(correction, actor)


def test_who_reviewed_the_application_neither_corrects_nor_releases() -> None:
    """Rule 14, as for the letter itself."""
    case = told()
    officer, releaser = (each.reviewer for each in case.assignments.order_by("pk"))
    for user, role in ((officer, Role.OFFICER), (releaser, Role.RELEASER)):
        user.role_grants.create(role=role, granted_at=AT)
    officer, releaser = (type(each).objects.get(pk=each.pk) for each in (officer, releaser))
    with pytest.raises(NotAllowed):
        correct(case, officer)
    correction = correct(case)
    assert not corrections_awaiting_release(releaser).exists()
    with pytest.raises(NotAllowed):
        release(correction, releaser)


class TestWhatMayDiffer:
    """Whom the letter is addressed to and the words of its reasons; never what was decided (rule 19)."""

    def test_names_and_reasons_are_those_of_the_correction_and_the_decision_stays(self) -> None:
        case = told()
        before = Decision.objects.filter(pk=case.decision.pk).values().get()
        words = {"addressee": "Stichting Anders (fictief)", "attention": "mevrouw A. Anders"}
        new = release(correct(case, **words, reasons="Wij volgen het advies.\n\nGeheel."))
        content = json.loads(bytes(new.content))
        assert content["addressee"] == {
            "name": "Stichting Anders (fictief)",
            "attention": "mevrouw A. Anders",
            "lines": ["Voorbeeldstraat 1", "1234 AB Voorbeelddorp"],
        }
        assert content["salutation"] == "Geachte mevrouw A. Anders,"
        facts = dict(next(each["rows"] for each in content["sections"] if each["rows"]))
        assert (facts["Penvoerder"], facts["Verleend, ten hoogste"]) == (
            "Stichting Anders (fictief)",
            "€\u00a048.000,00",
        )
        [reasons] = [each for each in content["sections"] if each["heading"] == "Waarom wij dit besluiten"]
        assert reasons["paragraphs"][:2] == ["Wij volgen het advies.", "Geheel."]
        assert case.decision.reasons not in plain_text(content)
        assert Decision.objects.filter(pk=case.decision.pk).values().get() == before
        make(new)
        assert list(map(str, every_violation())) == []

    def test_the_next_correction_begins_with_the_words_of_the_one_before(self) -> None:
        case = told()
        second = release(correct(case, attention="mevrouw A. Anders"))
        make(second)
        send(second)
        words = words_of(case.decision, current(case.decision.letter))
        assert (words.attention, words.addressee) == ("mevrouw A. Anders", case.lead.name)

    def test_the_text_of_the_call_that_is_in_force_now_is_used(self) -> None:
        case = told()
        old = Letter.objects.get()
        sections = [
            {"heading": each.heading, "body": f"{each.body} Nieuw.", "with_key_facts": each.with_key_facts}
            for each in old.text.sections.all()
        ]
        put_in_force(
            call=case.call, kind=old.text.kind.key, sections=sections, from_on=LATER.date(), at=LATER
        )
        new = release(correct(case))
        assert new.text.version == old.text.version + 1
        assert "Nieuw." in plain_text(json.loads(bytes(new.content)))


class TestWhatWasRead:
    """What is recorded and released is the letter that was read (rule 30)."""

    def test_another_letter_is_neither_recorded_nor_released(self) -> None:
        case = told()
        with pytest.raises(LetterChanged):
            correct_letter_of_decision(
                decision_id=case.decision.pk, typed=typed(case), seen="", actor=committee().officer, at=LATER
            )
        assert not Correction.objects.exists()
        correction = correct(case)
        shown = read_by_releaser(correction)
        case.call.mandated.update(name="Een ander")
        with pytest.raises(LetterChanged):
            release_correction(correction_id=correction.pk, seen=shown, actor=committee().releaser, at=LATER)
        assert not Letter.objects.filter(supersedes__isnull=False).exists()
        assert release(correction)

    def test_nothing_is_released_while_the_advice_rests_on_a_review_that_is_out(self) -> None:
        """Rule 29."""
        case = told()
        correction = correct(case)
        reviewer = case.assignments.order_by("pk")[0].reviewer
        declare_interest(application_id=case.pk, has_interest=True, explanation="x", actor=reviewer, at=LATER)
        with pytest.raises(RuleViolation, match="bleek dat een beoordelaar een belang heeft"):
            release(correction)
        assert not Letter.objects.filter(supersedes__isnull=False).exists()


class TestTakingBack:
    """Until its letter is released a correction can be taken back or sent back, with a reason; it is kept (rule 30)."""

    def take_back(
        self, correction: Correction, actor: Any = None, reason: str = "Nog niet goed."
    ) -> Correction:
        return take_back_correction(
            correction_id=correction.pk, reason=reason, actor=actor or committee().officer, at=LATER
        )

    def test_it_stays_as_it_was_and_as_a_draft_and_the_letter_can_be_corrected_anew(self) -> None:
        case = told()
        correction = correct(case, attention="mevrouw A. Anders")
        kept = self.take_back(correction)
        assert (kept.withdrawn_because, kept.withdrawn_by, kept.withdrawn_at) == (
            "Nog niet goed.",
            committee().officer,
            LATER,
        )
        assert self.take_back(correction, reason="Nog eens.").withdrawn_because == "Nog niet goed."
        assert as_typed(CorrectionDraft.objects.get()) == as_typed(correction)
        assert not OutgoingMail.objects.filter(kind="correction_sent_back").exists()
        with pytest.raises(NotCorrectable):
            release(correction)
        assert release(correct(case))
        assert list(map(str, every_violation())) == []

    def test_who_releases_sends_it_back_and_who_recorded_it_is_mailed_without_the_reason(self) -> None:
        case = told()
        correction = correct(case)
        self.take_back(correction, committee().releaser)
        mail = OutgoingMail.objects.get(kind="correction_sent_back")
        assert (mail.recipient, mail.about) == (committee().officer.email, case.reference)
        assert "Nog niet goed." not in mail.body
        assert AuditEvent.objects.get(act="letters.correction_withdrawn").actor_id == committee().releaser.pk

    def test_who_comes_second_hears_that_the_own_reason_was_not_kept(self) -> None:
        correction = correct(told())
        self.take_back(correction)
        with pytest.raises(SomebodyWasFirst):
            self.take_back(correction, committee().releaser, reason="Andere reden.")
        assert Correction.objects.get().withdrawn_because == "Nog niet goed."

    def test_a_reason_is_asked_and_nobody_else_does_it(self) -> None:
        correction = correct(told())
        with pytest.raises(RuleViolation) as refusal:
            self.take_back(correction, reason=" \n")
        assert refusal.value.field == "reason"
        for stranger in (person(Role.OFFICER), person(Role.RELEASER), committee().chair):
            with pytest.raises(NotAllowed):
                self.take_back(correction, stranger)
        assert not Correction.objects.filter(withdrawn_at__isnull=False).exists()

    def test_after_the_release_nothing_is_taken_back(self) -> None:
        correction = correct(told())
        release(correction)
        with pytest.raises(NotCorrectable):
            self.take_back(correction)
        rows = Correction.objects.all()
        with refused_by("letter_correction_never_changes"):
            rows.update(withdrawn_because="x", withdrawn_by=committee().officer, withdrawn_at=LATER)

    def test_its_words_never_change(self) -> None:
        correct(told())
        rows = Correction.objects.all()
        with refused_by("letter_correction_never_changes"):
            rows.update(explanation="Anders.")
        with refused_by("letter_correction_never_changes"):
            rows.update(
                addressee="Anders",
                withdrawn_because="x",
                withdrawn_by=committee().officer,
                withdrawn_at=LATER,
            )
        with refused_by("letter_correction_never_removed"):
            rows._raw_delete(rows.db)

    @pytest.mark.django_db(transaction=True)
    def test_taking_back_and_releasing_at_once_do_one_of_both(self) -> None:
        correction = correct(told())
        seen = read_by_releaser(correction)
        people = committee()
        outcomes = race(
            lambda: self.take_back(correction, people.officer),
            lambda: release_correction(
                correction_id=correction.pk, seen=seen, actor=people.releaser, at=LATER
            ),
        )
        found = sorted(type(each).__name__ for each in outcomes)
        assert found in (["Letter", "NotCorrectable"], ["Correction", "NotCorrectable"])
        assert list(map(str, every_violation())) == []


def test_a_draft_is_kept_complete_or_not_and_meets_a_newer_one() -> None:
    """Rules 12 and 30."""
    case, officer = told(), committee().officer

    def save(words: CorrectionAsTyped, seen: int) -> CorrectionDraft:
        return save_correction_draft(
            decision_id=case.decision.pk, typed=words, seen_version=seen, actor=officer, at=LATER
        )

    half = replace(typed(case), explanation="", reasons="Half")
    assert (save(half, 0).version, save(half, 0).version) == (1, 1)
    with pytest.raises(NewerVersion):
        save(typed(case), 0)
    assert save(typed(case), 1).version == 2
    correct(case)
    with pytest.raises(NotCorrectable):
        save(half, 2)


def test_a_second_release_of_the_first_letter_still_finds_the_first() -> None:
    case = told()
    release(correct(case))
    again = release_letter_of_decision(
        decision_id=case.decision.pk, seen="", actor=committee().releaser, at=LATER
    )
    assert again == case.decision.letter


@pytest.mark.django_db(transaction=True)
def test_two_releasers_at_once_release_one_correction() -> None:
    case = told()
    correction = correct(case)
    people = [committee().releaser, person(Role.RELEASER)]
    open_to(case, people[1])
    first, second = race(*(lambda who=who: release(correction, who) for who in people))
    assert first == second
