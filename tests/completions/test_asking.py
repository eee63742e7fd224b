"""Asking once to complete an application, before anybody judged it (rule 42)."""

from datetime import date, timedelta
from typing import Any

import pytest

from applications.domain.submitting import withdraw
from applications.enums import Status
from applications.models import Application
from completions.domain.asking import RequestAsTyped, as_typed, ask_to_complete
from completions.models import CompletionPoint, CompletionRequest
from completions.queries import request_about
from decisions.enums import TermKind
from decisions.terms import terms_of
from hubportal.accounts.enums import Role
from hubportal.audit.models import AuditEvent
from hubportal.kernel.clock import local_date, local_moment
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import NewerVersion
from hubportal.mail.models import OutgoingMail
from organisations.models import Representative
from reviews.domain.advising import fix_advice
from reviews.domain.reviewing import complete_review
from reviews.domain.withdrawing import withdraw_review
from tests.factories.accounts import person
from tests.factories.completing import (
    ASKED_AT,
    DAYS,
    EXPLANATION,
    LAST_DAY,
    POINTS,
    asked,
    drafted,
    open_to_officer,
    sent,
    still_until,
    waiting,
)
from tests.factories.completing import written as written_answers
from tests.factories.drafts import written as written_draft
from tests.factories.scenarios import (
    after_deadline,
    assigned,
    committee,
    judged,
    judgements,
    open_to,
    reviewed,
)
from tests.racing import race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def test_a_draft_of_the_office_is_known_to_the_office_alone() -> None:
    case = open_to_officer()
    before = OutgoingMail.objects.count()
    draft = drafted(case)
    assert as_typed(draft) == RequestAsTyped(EXPLANATION, LAST_DAY, POINTS)
    assert (draft.state, draft.version, draft.saved_by) == ("draft", 1, committee().officer)
    assert drafted(case).version == 1
    with pytest.raises(NewerVersion):
        drafted(case, explanation="Anders.", seen=0)
    assert drafted(case, points=[("", "Eén punt?")], seen=1).version == 2
    assert list(CompletionPoint.objects.values_list("number", "about", "question")) == [(1, "", "Eén punt?")]
    case.refresh_from_db()
    assert (case.awaits_completion_until, case.suspended_days) == (None, 0)
    assert OutgoingMail.objects.count() == before


def test_it_is_asked_once_and_the_term_to_decide_stands_still() -> None:
    """Rule 42: from the day after it was asked, once the round closed (Awb 4:15)."""
    case = open_to_officer()
    officer = committee().officer
    expected = case.decision_expected_on
    assert expected is not None
    request = asked(case)
    assert (request.asked_at, request.asked_by, request.state) == (ASKED_AT, officer, "open")
    # Until its round closed there was nothing to decide.
    still = still_until(case, LAST_DAY)
    assert 0 < still < DAYS
    assert (case.awaits_completion_until, case.suspended_days) == (LAST_DAY, still)
    assert case.decision_expected_on == expected + timedelta(days=still)
    again = ask_to_complete(
        reference=case.reference, seen_version=0, actor=officer, at=ASKED_AT + timedelta(days=1)
    )
    assert (again.asked_at, CompletionRequest.objects.count()) == (ASKED_AT, 1)
    with pytest.raises(NewerVersion):
        drafted(case, explanation="Nog iets.", seen=1)
    found = terms_of(officer, at=ASKED_AT, kind=None, page=None, size=20)
    days = {each.kind: each.last_day for each in found if each.kind != TermKind.SIGN}
    assert days == {TermKind.COMPLETE: LAST_DAY, TermKind.DECIDE: expected + timedelta(days=still)}
    event = AuditEvent.objects.get(act="completions.asked")
    assert (event.facts, event.actor_id) == ({"points": 2, "until": LAST_DAY.isoformat()}, officer.pk)


def test_everybody_of_the_coalition_is_told_and_only_the_lead_what() -> None:
    """Rule 42; no mail holds a word of it (rule 26)."""
    case = waiting()
    mails = OutgoingMail.objects.filter(kind__startswith="completion_")
    told = {each.recipient: each for each in mails}
    kinds = {each.kind for each in mails}
    assert kinds == {"completion_asked", "completion_asked_others"}
    assert told[case.applicant.email].kind == "completion_asked"
    assert f"/aanvragen/{case.reference}/aanvulling/" in told[case.applicant.email].body
    others = {address for address, each in told.items() if each.kind == "completion_asked_others"}
    partners = {each.contact_email for each in case.coalition.participations.filter(is_lead=False)}
    assert partners | {case.people.signatory_email} <= others
    words = [EXPLANATION, *(question for _about, question in POINTS)]
    assert [each.kind for each in mails if any(word in each.body for word in words)] == []
    assert len(told) == len(mails)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"points": []}, "question_1"),
        ({"points": [("nergens", "Wat?")]}, "about_1"),
        ({"last_day": None}, "last_day"),
        ({"last_day": LAST_DAY - timedelta(days=DAYS - 6)}, "last_day"),
        ({"last_day": LAST_DAY + timedelta(days=43 - DAYS)}, "last_day"),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_field(typed: dict[str, Any], field: str) -> None:
    case = open_to_officer()
    with pytest.raises(RuleViolation) as refusal:
        asked(case, **typed)
    assert refusal.value.field == field
    assert (case.awaits_completion_until, request_about(case).state) == (None, "draft")  # type: ignore[union-attr]


@pytest.mark.parametrize("days", [7, 42])
def test_a_week_and_six_weeks_can_be_given(days: int) -> None:
    case = open_to_officer()
    last_day = LAST_DAY + timedelta(days=days - DAYS)
    asked(case, last_day=last_day)
    assert case.suspended_days == max(0, still_until(case, last_day))


def test_nothing_is_asked_of_what_somebody_judged_or_withdrew() -> None:
    """Rule 42."""
    case = assigned()
    at = after_deadline(case, days=1)
    open_to(case, committee().officer, at=at)
    drafted(case, at=at, last_day=day_after(at))
    judged(case.assignments.order_by("pk")[0], at=at)
    with pytest.raises(RuleViolation, match="al beoordeeld"):
        drafted(case, at=at, explanation="Anders.", seen=1)
    with pytest.raises(RuleViolation, match="al beoordeeld"):
        ask_to_complete(reference=case.reference, seen_version=1, actor=committee().officer, at=at)


def test_nothing_is_asked_once_a_review_was_complete_also_when_it_was_taken_back() -> None:
    """Rule 42: its scores were known."""
    case = assigned()
    at = after_deadline(case, days=1)
    open_to(case, committee().officer, at=at)
    draft = drafted(case, at=at, last_day=day_after(at))
    assignment = case.assignments.order_by("pk")[0]
    judged(assignment, at=at)
    withdraw_review(
        assignment_id=assignment.pk,
        reason="Een vergissing.",
        seen_version=1,
        actor=assignment.reviewer,
        at=at,
    )
    assignment.refresh_from_db()
    assert assignment.completed_at is None
    with pytest.raises(RuleViolation, match="al beoordeeld"):
        ask_to_complete(
            reference=case.reference, seen_version=draft.version, actor=committee().officer, at=at
        )


def test_nothing_is_asked_of_what_was_withdrawn() -> None:
    case = open_to_officer()
    drafted(case)
    withdraw(application_id=case.pk, actor=case.applicant, at=ASKED_AT)
    with pytest.raises(RuleViolation, match="niet meer worden aangevuld"):
        ask_to_complete(reference=case.reference, seen_version=1, actor=committee().officer, at=ASKED_AT)


def day_after(at: Any) -> date:
    found: date = at.date() + timedelta(days=DAYS)
    return found


def test_a_term_that_is_over_does_not_stand_still() -> None:
    """Rule 36: the office goes on reading that it is too late, also once it was answered (Awb 4:15)."""
    case = assigned()
    expected = case.decision_expected_on
    assert expected is not None
    at = local_moment(expected + timedelta(days=1), 9)
    open_to(case, committee().officer, at=at)
    asked(case, at=at, last_day=expected + timedelta(days=15))
    found = terms_of(committee().officer, at=at, kind=TermKind.DECIDE, page=None, size=20)
    assert [(each.last_day, each.state) for each in found] == [(expected, "passed")]
    mail = OutgoingMail.objects.get(kind="completion_asked")
    assert "termijn" not in mail.body
    written_answers(case, at=at)
    sent(case, at=at + timedelta(days=3))
    assert (case.suspended_days, case.decision_expected_on) == (0, expected)
    assert "besluit" not in OutgoingMail.objects.get(kind="completion_sent").body


@pytest.mark.parametrize("days", [0, 5])
def test_on_its_last_day_it_stands_still(days: int) -> None:
    case = assigned()
    expected = case.decision_expected_on
    assert expected is not None
    at = local_moment(expected - timedelta(days=days), 9)
    open_to(case, committee().officer, at=at)
    asked(case, at=at, last_day=local_date(at) + timedelta(days=10))
    assert case.suspended_days == 10


def test_what_a_colleague_wrote_meanwhile_is_not_asked_unseen() -> None:
    """Rule 30: of what was shown alone."""
    case = open_to_officer()
    drafted(case)
    drafted(case, explanation="Van een collega.", seen=1)
    with pytest.raises(NewerVersion):
        ask_to_complete(reference=case.reference, seen_version=1, actor=committee().officer, at=ASKED_AT)
    assert CompletionRequest.objects.get().asked_at is None


def test_nothing_is_asked_of_nobody() -> None:
    """Rule 42: it can be asked once."""
    case = open_to_officer()
    draft = drafted(case)
    Representative.objects.filter(organisation=case.coalition.lead_organisation).update(
        ended_at=ASKED_AT, ended_by=committee().officer
    )
    with pytest.raises(RuleViolation, match="niemand"):
        ask_to_complete(
            reference=case.reference, seen_version=draft.version, actor=committee().officer, at=ASKED_AT
        )
    assert not OutgoingMail.objects.filter(kind__startswith="completion_").exists()


def test_nobody_judges_while_it_waits() -> None:
    """Rule 42: a review can be written, and is completed after it; no advice is fixed."""
    case = assigned()
    at = after_deadline(case, days=1)
    open_to(case, committee().officer, at=at)
    asked(case, at=at, last_day=day_after(at))
    assignment = case.assignments.order_by("pk")[0]
    with pytest.raises(RuleViolation, match="Beoordeel de aanvraag daarna"):
        judged(assignment, judgements(case), at=at)
    assert assignment.review.scores.count() == len(judgements(case))
    with pytest.raises(RuleViolation, match="Beoordeel de aanvraag daarna"):
        complete_review(assignment_id=assignment.pk, actor=assignment.reviewer, at=at)


def test_no_advice_is_fixed_while_it_waits() -> None:
    """Rule 42: also where rows were written past the acts."""
    case = reviewed()
    Application.objects.filter(pk=case.pk).update(awaits_completion_until=LAST_DAY)
    at, chair = after_deadline(case, days=21), committee().chair
    open_to(case, chair, at=at)
    with pytest.raises(RuleViolation, match="Beoordeel de aanvraag daarna"):
        fix_advice(
            application_id=case.pk,
            outcome="granted",  # type: ignore[arg-type]
            amount=case.requested_amount,
            text="Goed.",
            actor=chair,
            at=at,
        )


def test_who_may_not_ask_asks_nothing() -> None:
    """Rule 14: not who declared nothing, who is no officer, or whose own application it is."""
    case = open_to_officer()
    stranger = person(Role.OFFICER)
    for actor in (stranger, case.applicant, committee().chair, committee().releaser):
        with pytest.raises(NotAllowed):
            drafted(case, actor=actor)
    drafted(case)
    with pytest.raises(NotAllowed):
        ask_to_complete(reference=case.reference, seen_version=1, actor=stranger, at=ASKED_AT)


def test_the_database_refuses_a_draft_that_waits() -> None:
    draft = written_draft()
    with refused_by("application_completed_after_submission"):
        Application.objects.filter(pk=draft.pk).update(awaits_completion_until=LAST_DAY)
    assert draft.status == Status.DRAFT


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_ask_once() -> None:
    case = open_to_officer()
    second = person(Role.OFFICER)
    open_to(case, second)
    version = drafted(case).version

    def ask(actor: Any) -> CompletionRequest:
        return ask_to_complete(reference=case.reference, seen_version=version, actor=actor, at=ASKED_AT)

    done = race(lambda: ask(committee().officer), lambda: ask(second))
    # Who came second is told so.
    assert sorted(type(each).__name__ for each in done) == ["CompletionRequest", "NewerVersion"]
    assert OutgoingMail.objects.filter(kind="completion_asked").count() == 1
    assert AuditEvent.objects.filter(act="completions.asked").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_review_that_comes_in_at_the_same_moment_is_before_or_after() -> None:
    """Rule 42: either it was judged, or it waits; never both."""
    case = assigned()
    at = after_deadline(case, days=1)
    open_to(case, committee().officer, at=at)
    version = drafted(case, at=at, last_day=day_after(at)).version
    assignment = case.assignments.order_by("pk")[0]
    done = race(
        lambda: judged(assignment, judgements(case), at=at),
        lambda: ask_to_complete(
            reference=case.reference, seen_version=version, actor=committee().officer, at=at
        ),
    )
    case.refresh_from_db()
    assignment.refresh_from_db()
    assert (case.awaits_completion_until is None) == (assignment.completed_at is not None)
    assert sum(isinstance(each, RuleViolation) for each in done) == 1
