"""Who writes to whom, once, and within limits (rules 14, 22, 24 and 38)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from pytest_django import Settings

from applications.domain.scanning import InfectedFile
from applications.domain.submitting import withdraw
from applications.models import Application
from correspondence.domain import writing
from correspondence.domain.taking_back import take_message_back
from correspondence.domain.writing import Added, Written, begin_conversation
from correspondence.enums import Side
from correspondence.models import Conversation, Message, MessageFile
from correspondence.permissions import may_answer, may_discuss
from hubportal.accounts.enums import Role
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.canonical import digest
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.quotas import TooMuch
from hubportal.kernel.versions import NewerVersion
from reviews.domain.interests import declare_interest
from reviews.models import Assignment
from tests.factories.accounts import UserFactory, person
from tests.factories.conversing import (
    ANSWER,
    ANSWERED_AT,
    ASKED_AT,
    QUESTION,
    SUBJECT,
    answered,
    asked,
    delivered,
    discussed,
    officer_of,
)
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, pending_for
from tests.factories.scenarios import committee, open_to, written
from tests.scanner import infected_pdf

pytestmark = pytest.mark.django_db


def rows() -> list[tuple[Any, ...]]:
    found = Message.objects.order_by("conversation__number", "number")
    return list(found.values_list("conversation__number", "number", "side", "text", "written_by"))


def test_applicants_ask_and_the_office_answers() -> None:
    case = discussed()
    first = asked(case)
    delivered()
    answered(first)
    officer = officer_of(case)
    assert rows() == [
        (1, 1, "applicants", QUESTION, case.applicant.pk),
        (1, 2, "office", ANSWER, officer.pk),
    ]
    assert Conversation.objects.values_list("number", "subject", "begun_by", "begun_at").get() == (
        *(1, SUBJECT, "applicants"),
        ASKED_AT,
    )
    told = AuditEvent.objects.filter(act__startswith="correspondence.").order_by("pk")
    assert list(told.values_list("act", "actor_id", "facts")) == [
        ("correspondence.written", case.applicant.pk, {"side": "applicants"}),
        ("correspondence.delivered", None, {"side": "applicants"}),
        ("correspondence.written", officer.pk, {"side": "office"}),
    ]
    assert list(every_violation()) == []


def test_the_office_begins_one_too() -> None:
    message = asked(discussed(), side=Side.OFFICE)
    assert (message.number, message.side, message.conversation.begun_by) == (1, "office", "office")
    assert message.conversation.waits_since is None


def test_a_second_click_sends_nothing_more() -> None:
    case = discussed()
    written_once = Written(QUESTION, uuid4())
    sent = [
        begin_conversation(
            reference=case.reference,
            side=Side.APPLICANTS,
            subject=SUBJECT,
            written=written_once,
            actor=case.applicant,
            at=ASKED_AT,
        )
        for _click in range(2)
    ]
    assert sent[0] == sent[1]
    assert len(rows()) == 1


def test_only_who_speaks_for_the_lead_writes_for_the_applicants() -> None:
    """Rules 27 and 37: neither a partner, nor who only says to speak for it, nor anybody before the submission."""
    case = discussed()
    colleague, partner = UserFactory.create(), UserFactory.create()
    RepresentativeFactory.create(organisation=case.lead, user=colleague)
    RepresentativeFactory.create(organisation=case.partners[0].organisation, user=partner)
    others = (partner, UserFactory.create(), pending_for(case.lead), officer_of(case), committee().chair)
    assert [may_discuss.allows(each, case) for each in (case.applicant, colleague, *others)] == [
        *(True, True),
        *(False, False, False, False, False),
    ]
    for each in others:
        with pytest.raises(NotAllowed):
            asked(case, actor=each)
    draft = written()
    with pytest.raises(NotAllowed):
        asked(draft)
    assert rows() == []


def test_of_the_office_only_officers_to_whom_it_is_open_write() -> None:
    """Rules 14 and 29."""
    case = discussed()
    undeclared, interested, reviewing, speaking = (person(Role.OFFICER) for _each in range(4))
    declare_interest(
        application_id=case.pk, has_interest=True, explanation="Mijn buurvrouw.", actor=interested, at=AT
    )
    for each in (reviewing, *committee().reviewers):
        Assignment.objects.create(application=case, reviewer=each, assigned_at=AT)
    open_to(case, reviewing, speaking, *committee().reviewers, committee().chair, committee().releaser)
    RepresentativeFactory.create(organisation=case.lead, user=speaking)
    members = committee()
    closed = (
        undeclared,
        interested,
        reviewing,
        speaking,
        *members.reviewers,
        members.chair,
        members.releaser,
    )
    assert may_answer.allows(members.officer, case)
    for each in (*closed, case.applicant):
        assert not may_answer.allows(each, case)
        with pytest.raises(NotAllowed):
            asked(case, side=Side.OFFICE, actor=each)
    assert rows() == []


def test_nobody_answers_what_came_in_unseen() -> None:
    case = discussed()
    first = asked(case)
    delivered()
    seen = "1:1"
    answered(first, seen=seen)
    with pytest.raises(NewerVersion):
        answered(first, "Nee.", seen=seen)
    assert [each[3] for each in rows()] == [QUESTION, ANSWER]


def test_what_is_withdrawn_is_no_longer_asked_about() -> None:
    case = discussed()
    asked(case)
    delivered()
    withdraw(application_id=case.pk, actor=case.applicant, at=ANSWERED_AT)
    with pytest.raises(RuleViolation, match="ingetrokken"):
        asked(case, at=ANSWERED_AT)
    answered(Message.objects.get())
    assert [each[2] for each in rows()] == ["applicants", "office"]


def test_one_person_sends_so_many_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(writing.MOST_A_DAY, Side.APPLICANTS, 2)
    case = discussed()
    first = asked(case)
    take_message_back(
        reference=case.reference,
        number=1,
        message_number=first.number,
        side=Side.APPLICANTS,
        actor=case.applicant,
        at=ASKED_AT,
    )
    answered(first, side=Side.APPLICANTS)
    for again in (lambda: asked(case), lambda: answered(first, side=Side.APPLICANTS)):
        with pytest.raises(TooMuch):
            again()
    asked(case, at=ASKED_AT + timedelta(days=1, seconds=1))
    assert [each[:2] for each in rows()] == [(1, 1), (1, 2), (2, 1)]


def test_an_application_and_a_conversation_have_a_maximum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_CONVERSATIONS", 1)
    monkeypatch.setattr(writing, "MOST_MESSAGES", 1)
    case = discussed()
    first = asked(case)
    with pytest.raises(RuleViolation, match="1 gesprekken"):
        asked(case)
    asked(case, side=Side.OFFICE)
    with pytest.raises(RuleViolation, match="1 berichten"):
        answered(first, side=Side.APPLICANTS)


def test_a_file_goes_with_it_and_is_inspected_without_a_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rule 24."""
    case = discussed()
    content = letter_pdf()
    message = asked(case, file=Added("Brief van de bank.pdf", content))
    stored = MessageFile.objects.get(message=message)
    assert (stored.title, stored.sha256, stored.size) == (
        "Brief van de bank.pdf",
        digest(content),
        len(content),
    )
    assert default_storage.exists(stored.stored_as)
    monkeypatch.setattr(writing, "inspect_to_read_at_once", lambda *_given, **_how: pytest.fail("inspected"))
    with pytest.raises(NotAllowed):
        asked(case, actor=UserFactory.create(), file=Added("", content))


def test_what_is_no_pdf_is_refused_with_its_message() -> None:
    """Rule 24."""
    with pytest.raises(RuleViolation):
        asked(discussed(), file=Added("plan.pdf", b"no pdf"))
    assert (rows(), Application.objects.filter(conversations__isnull=False).count()) == ([], 0)


def test_a_file_with_a_virus_is_not_sent(clamav: str) -> None:
    """Rule 24."""
    with pytest.raises(InfectedFile):
        asked(discussed(), file=Added("plan.pdf", infected_pdf()))
    assert not Message.objects.exists()


def test_what_cannot_be_scanned_waits_outside(settings: Settings) -> None:
    """Rule 24: a message is read within minutes, so nothing unscanned goes along."""
    settings.CLAMAV = "127.0.0.1:1"
    cache.delete("scanner-away")
    with pytest.raises(RuleViolation) as refusal:
        asked(discussed(), file=Added("plan.pdf", letter_pdf()))
    assert (refusal.value.field, Message.objects.exists()) == ("file", False)
    cache.delete("scanner-away")
