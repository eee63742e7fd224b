"""Completing an application: written by who speaks for the lead, sent once (rules 24, 32 and 42)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage

from applications.domain.submitting import withdraw
from completions.domain.adding import MOST_FILES_PER_POINT, add_file, remove_added_file
from completions.domain.answering import Unanswered, answers_of, digest_of, send_completion
from completions.models import CompletionFile, CompletionPoint, CompletionRequest
from completions.queries import request_about
from hubportal.accounts.enums import Role
from hubportal.audit.models import AuditEvent
from hubportal.kernel.clock import local_moment
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.quotas import TooMuch
from hubportal.kernel.versions import NewerVersion
from hubportal.mail.models import OutgoingMail
from tests.factories.accounts import person
from tests.factories.completing import (
    ANSWERED_AT,
    ANSWERS,
    ASKED_AT,
    LAST_DAY,
    asked,
    completed,
    drafted,
    open_to_officer,
    sent,
    still_until,
    waiting,
    with_file,
    written,
)
from tests.factories.documents import letter_pdf
from tests.factories.organisations import speaker_for
from tests.racing import race

pytestmark = pytest.mark.django_db


def test_answers_are_saved_and_nobody_overwrites_what_they_have_not_seen() -> None:
    """Rules 12 and 42."""
    case = waiting()
    first = written(case, {1: "Voor een zaal."})
    assert (answers_of(first), first.answers_version) == ({1: "Voor een zaal.", 2: ""}, 1)
    assert written(case, {1: "Voor een zaal."}).answers_version == 1
    with pytest.raises(NewerVersion):
        written(case, {2: "Iemand."})
    assert answers_of(written(case, ANSWERS, seen=1)) == ANSWERS
    # A point that was not asked is no point.
    assert answers_of(written(case, {9: "Ook dit."}, seen=2)) == ANSWERS


def test_whoever_speaks_for_the_lead_answers_and_sends() -> None:
    """Rule 42: the account that submitted need not be there."""
    case = waiting()
    colleague = speaker_for(case.coalition.lead_organisation)
    written(case, actor=colleague)
    done = sent(case, actor=colleague)
    assert (done.sent_by, done.sent_at, done.state) == (colleague, ANSWERED_AT, "sent")
    # The round was not even closed: the term to decide did not stand still.
    assert (case.awaits_completion_until, case.suspended_days) == (None, 0)
    told = OutgoingMail.objects.filter(kind="completion_sent")
    assert {each.recipient for each in told} == {case.applicant.email, colleague.email}
    assert OutgoingMail.objects.get(kind="completion_arrived").recipient == asked_by(case).email
    assert [each.kind for each in told if ANSWERS[1] in each.body] == []
    assert AuditEvent.objects.filter(act="completions.sent", actor_id=colleague.pk).count() == 1


def asked_by(case: Any) -> Any:
    found = request_about(case)
    assert found is not None
    return found.asked_by


def test_it_is_sent_once_and_stays_as_it_is() -> None:
    case = completed()
    again = send_completion(reference=case.reference, seen="", actor=case.applicant, at=ANSWERED_AT)
    assert (again.sent_at, OutgoingMail.objects.filter(kind="completion_sent").count()) == (ANSWERED_AT, 1)
    with pytest.raises(RuleViolation, match="niet meer worden gewijzigd"):
        written(case, {1: "Toch anders."}, seen=1)
    with pytest.raises(RuleViolation, match="niet meer worden gewijzigd"):
        with_file(case, 2)
    held = CompletionFile.objects.get()
    with pytest.raises(RuleViolation, match="niet meer worden gewijzigd"):
        remove_added_file(
            reference=case.reference, number=1, sha256=held.sha256, actor=case.applicant, at=ANSWERED_AT
        )
    assert default_storage.exists(held.stored_as)


def test_each_point_is_answered_or_has_a_file() -> None:
    case = waiting()
    written(case, {1: " \u200b "})
    with pytest.raises(Unanswered) as refusal:
        sent(case)
    assert refusal.value.numbers == [1, 2]
    with_file(case, 1)
    written(case, {2: ANSWERS[2]}, seen=1)
    assert sent(case).state == "sent"


def test_what_changed_after_it_was_shown_is_not_sent() -> None:
    """Rule 30: neither a text nor a file."""
    case = waiting()
    written(case)
    seen = digest_now(case)
    with_file(case)
    with pytest.raises(NewerVersion):
        send_completion(reference=case.reference, seen=seen, actor=case.applicant, at=ANSWERED_AT)
    seen = digest_now(case)
    # The same file under another name is another one to who reads it.
    take_away(case, 1, CompletionFile.objects.get().sha256)
    with_file(case, title="Intrekking.pdf")
    with pytest.raises(NewerVersion):
        send_completion(reference=case.reference, seen=seen, actor=case.applicant, at=ANSWERED_AT)
    seen = digest_now(case)
    written(case, {1: "Anders."}, seen=1)
    with pytest.raises(NewerVersion):
        send_completion(reference=case.reference, seen=seen, actor=case.applicant, at=ANSWERED_AT)
    assert CompletionRequest.objects.get().sent_at is None


def digest_now(case: Any) -> str:
    found = request_about(case)
    assert found is not None
    return digest_of(found)


def test_it_can_be_sent_until_the_very_end_of_the_last_day() -> None:
    """Rule 36: in the Netherlands."""
    end = local_moment(LAST_DAY + timedelta(days=1))
    case = waiting()
    written(case, at=end - timedelta(seconds=1))
    with pytest.raises(RuleViolation, match="voorbij"):
        sent(case, at=end)
    with pytest.raises(RuleViolation, match="voorbij"):
        written(case, {1: "Te laat."}, at=end, seen=1)
    with pytest.raises(RuleViolation, match="voorbij"):
        with_file(case, at=end)
    assert sent(case, at=end - timedelta(seconds=1)).state == "sent"
    assert case.suspended_days == still_until(case, LAST_DAY) > 0


def test_a_clock_that_is_a_moment_behind_sends_all_the_same() -> None:
    case = waiting()
    written(case)
    done = sent(case, at=ASKED_AT - timedelta(seconds=1))
    assert (done.sent_at, case.suspended_days) == (ASKED_AT, 0)


def test_what_is_withdrawn_is_not_completed() -> None:
    case = waiting()
    written(case)
    withdraw(application_id=case.pk, actor=case.applicant, at=ANSWERED_AT)
    with pytest.raises(RuleViolation, match="niet meer worden aangevuld"):
        sent(case)


def test_who_may_not_complete_it_does_not() -> None:
    """Rules 27 and 42: a partner, a stranger, the office; and of a draft of the office nobody."""
    case = waiting()
    partner = case.coalition.participations.filter(is_lead=False).first()
    assert partner is not None
    for actor in (speaker_for(partner.organisation), person(), person(Role.OFFICER), asked_by(case)):
        with pytest.raises(NotAllowed):
            written(case, actor=actor)
        with pytest.raises(NotAllowed):
            send_completion(reference=case.reference, seen="", actor=actor, at=ANSWERED_AT)
        with pytest.raises(NotAllowed):
            add_file(
                reference=case.reference,
                number=1,
                title="x",
                content=letter_pdf(),
                actor=actor,
                at=ANSWERED_AT,
            )
    other = open_to_officer()
    drafted(other)
    with pytest.raises(NotAllowed):
        written(other)


def test_the_same_file_is_there_once_and_goes_with_its_last_row(
    django_capture_on_commit_callbacks: Any,
) -> None:
    """Rule 24."""
    case = waiting()
    first = with_file(case)
    assert with_file(case, title="Anders.pdf").pk == first.pk
    second = with_file(case, 2)
    assert first.stored_as == second.stored_as == f"attachments/completions/{case.pk}/{first.sha256}.pdf"
    with django_capture_on_commit_callbacks(execute=True):
        take_away(case, 1, first.sha256)
    assert default_storage.exists(first.stored_as)
    with django_capture_on_commit_callbacks(execute=True):
        take_away(case, 2, first.sha256)
        take_away(case, 2, first.sha256)
    assert not default_storage.exists(first.stored_as)
    assert AuditEvent.objects.filter(act="completions.file_removed").count() == 2


def take_away(case: Any, number: int, sha256: str) -> None:
    remove_added_file(
        reference=case.reference, number=number, sha256=sha256, actor=case.applicant, at=ANSWERED_AT
    )


def test_what_is_no_pdf_or_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    case = waiting()
    with pytest.raises(RuleViolation):
        add_file(
            reference=case.reference,
            number=1,
            title="x",
            content=b"PK",
            actor=case.applicant,
            at=ANSWERED_AT,
        )
    with pytest.raises(CompletionPoint.DoesNotExist):
        with_file(case, 9)
    point = CompletionPoint.objects.get(number=1)
    for number in range(MOST_FILES_PER_POINT):
        copy_file(with_file(case, 2), point, f"{number:064x}")
    with pytest.raises(RuleViolation, match=str(MOST_FILES_PER_POINT)):
        with_file(case, 1)
    monkeypatch.setattr("completions.domain.adding.MOST_A_DAY", 1)
    take_away(case, 2, CompletionFile.objects.get(point__number=2).sha256)
    with pytest.raises(TooMuch):
        with_file(case, 2)


def copy_file(file: CompletionFile, point: CompletionPoint, sha256: str) -> None:
    CompletionFile.objects.create(
        point=point,
        title=file.title,
        stored_as=file.stored_as,
        sha256=sha256,
        size=1,
        added_at=file.added_at,
        added_by=file.added_by,
    )


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_send_once() -> None:
    case = waiting()
    colleague = speaker_for(case.coalition.lead_organisation)
    written(case)
    seen = digest_now(case)

    def send(actor: Any) -> CompletionRequest:
        return send_completion(reference=case.reference, seen=seen, actor=actor, at=ANSWERED_AT)

    done = race(lambda: send(case.applicant), lambda: send(colleague))
    # Who came second is told so.
    assert sorted(type(each).__name__ for each in done) == ["CompletionRequest", "NewerVersion"]
    assert OutgoingMail.objects.filter(kind="completion_arrived").count() == 1


def test_a_draft_of_the_office_is_nothing_to_complete() -> None:
    case = open_to_officer()
    asked(case)
    assert request_about(case).state == "open"  # type: ignore[union-attr]
