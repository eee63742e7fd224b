"""A letter that was sent is corrected by another one that takes its place and says so (rule 19)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from applications.enums import Status
from decisions.domain.releasing import (
    correct_letter_of_decision,
    produce_letter_of_decision,
    release_correction,
    release_letter_of_decision,
)
from hubportal.accounts.enums import Role
from hubportal.audit.domain.collecting import every_violation
from hubportal.documents.domain.storage import read_document
from hubportal.documents.domain.verification import verify_code
from hubportal.documents.enums import VerificationResult
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.mail.domain.sending import send_due_mails
from hubportal.mail.models import OutgoingMail
from letters.domain.correcting import NotCorrectable
from letters.domain.producing import fix_moment_of_sending
from letters.models import Correction, Letter
from letters.queries import current
from tests.decided_world import send
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.scenarios import committee, decided, open_to, plain_pdf, produced, released
from tests.racing import race

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=90)


def told() -> Any:
    """Return an application whose letter was sent."""
    case = produced()
    send(case.decision.letter)
    return case


def correct(case: Any, actor: Any = None, explanation: str = "De regio was verkeerd vermeld.") -> Correction:
    actor = actor or committee().officer
    return correct_letter_of_decision(
        decision_id=case.decision.pk, explanation=explanation, actor=actor, at=LATER
    )


def release(case: Any, actor: Any = None) -> Letter:
    return release_correction(decision_id=case.decision.pk, actor=actor or committee().releaser, at=LATER)


def make(letter: Letter) -> None:
    assert produce_letter_of_decision(letter_id=letter.pk, make_pdf=plain_pdf, at=LATER)
    letter.refresh_from_db()


def test_the_new_letter_says_first_that_it_replaces_the_other_and_why() -> None:
    case = told()
    old = Letter.objects.get()
    correct(case, explanation="De regio was verkeerd vermeld.\n\nDe rest is gelijk.")
    new = release(case)
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
    correct(case)
    new = release(case)
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
    assert all("Deze brief vervangt onze brief van 13 juni 2024." in each.body for each in mails)
    assert list(map(str, every_violation())) == []


def test_applicant_and_office_get_the_letter_that_counts(client: Any) -> None:
    case = told()
    for make_it in (False, True):
        letter = Letter.objects.get()
        if make_it:
            correct(case)
            letter = release(case)
            make(letter)
        expected = read_document(letter.document)
        for user, name in ((case.applicant, "decisions:letter"), (committee().officer, "admin:letter_pdf")):
            log_in(client, user)
            assert client.get(reverse(name, args=[case.reference])).content == expected


def test_a_correction_is_corrected_in_turn() -> None:
    case = told()
    correct(case)
    second = release(case)
    make(second)
    with pytest.raises(NotCorrectable):
        correct(case)
    send(second)
    correct(case, explanation="Nog eens.")
    third = release(case)
    make(third)
    assert third.supersedes == second
    assert list(map(str, every_violation())) == []


@pytest.mark.parametrize("stage", [decided, released, produced])
def test_a_letter_that_was_not_sent_is_not_corrected(stage: Any) -> None:
    case = stage()
    with pytest.raises(NotCorrectable):
        correct(case)
    assert not Correction.objects.exists()


def test_a_letter_is_corrected_once_with_an_explanation() -> None:
    case = told()
    with pytest.raises(RuleViolation) as refusal:
        correct(case, explanation=" \n")
    assert refusal.value.field == "explanation"
    correct(case)
    with pytest.raises(NotCorrectable):
        correct(case)


def test_without_a_correction_there_is_nothing_to_release() -> None:
    with pytest.raises(NotCorrectable):
        release(told())


def test_who_recorded_a_correction_does_not_release_it() -> None:
    """Rule 19, the two-person rule: the correction's, not the decision's."""
    case, colleague = told(), person(Role.OFFICER)
    open_to(case, colleague)
    colleague.role_grants.create(role=Role.RELEASER, granted_at=AT)
    colleague = type(colleague).objects.get(pk=colleague.pk)
    correct(case, colleague)
    with pytest.raises(NotAllowed):
        release(case, colleague)
    assert release(case) == release(case)


def test_a_second_account_of_its_mailbox_does_not_release_a_correction() -> None:
    """Rules 19 and 28."""
    case, colleague = told(), person(Role.OFFICER, email="mia@bureau.example")
    second = person(Role.RELEASER, email="Mia+2@bureau.example")
    open_to(case, colleague, second)
    correct(case, colleague)
    with pytest.raises(NotAllowed):
        release(case, second)
    assert release(case)


def test_only_officers_correct_and_only_what_is_open_to_them() -> None:
    """Rule 14."""
    case = told()
    for actor in (committee().releaser, person(Role.OFFICER)):
        with pytest.raises(NotAllowed):
            correct(case, actor)
    correct(case)
    for actor in (committee().officer, person(Role.RELEASER)):
        with pytest.raises(NotAllowed):
            release(case, actor)


def test_a_second_release_of_the_first_letter_still_finds_the_first() -> None:
    case = told()
    correct(case)
    release(case)
    again = release_letter_of_decision(
        decision_id=case.decision.pk, seen="", actor=committee().releaser, at=LATER
    )
    assert again == case.decision.letter


@pytest.mark.django_db(transaction=True)
def test_two_releasers_at_once_release_one_correction() -> None:
    case = told()
    correct(case)
    people = [committee().releaser, person(Role.RELEASER)]
    open_to(case, people[1])
    first, second = race(*(lambda who=who: release(case, who) for who in people))
    assert first == second
