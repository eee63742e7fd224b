"""What is past its period is listed, by number, and nothing else (rule 23)."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from applications.domain.deadline_reminders import choose_reminders
from applications.domain.submitting import withdraw
from applications.models import DailyOverview, OneTimeLink
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from retention.domain.approving import take_back_destruction
from retention.domain.reporting import make_report
from retention.enums import DataKind
from retention.models import DestructionReport
from retention.queries import past_period, periods_to_look_at
from retention.tasks import make_reports_task
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, person
from tests.factories.calls import make_call
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.factories.retention import LATER, approvers, period_of, report_on, sent_mail

pytestmark = pytest.mark.django_db


def listed(kind: DataKind, *, before: Any = LATER) -> list[int]:
    return list(past_period(kind, before=before).values_list("pk", flat=True))


def discarded() -> Any:
    case = scenarios.written()
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    return case


def test_a_report_says_what_how_many_and_how_old_without_content() -> None:
    first = sent_mail()
    second = sent_mail(at=AT + timedelta(hours=1))
    sent_mail(at=LATER)
    report = report_on()
    assert (report.listed, report.oldest_since, report.length, report.basis, report.method) == (
        2,
        AT,
        10,
        "Een bedachte grondslag",
        "emptied",
    )
    assert list(report.rows.values_list("row_id", "kept_since", "outcome")) == [
        (first.pk, AT, ""),
        (second.pk, AT + timedelta(hours=1), ""),
    ]
    event = AuditEvent.objects.get(act="retention.reported")
    assert (event.subject_id, event.actor_id, event.facts) == (report.pk, None, {"kind": "mail_texts"})


def test_what_is_not_past_its_period_to_the_second_is_not_listed() -> None:
    sent_mail(at=LATER - timedelta(days=10))
    period = period_of()
    assert make_report(period_id=period.pk, at=LATER) is None
    assert make_report(period_id=period.pk, at=LATER + timedelta(seconds=1)) is not None


def test_one_report_of_a_kind_is_open_and_one_taken_back_is_followed_by_another_a_day_later() -> None:
    sent_mail()
    report = report_on()
    period_id = periods_to_look_at(at=LATER).values_list("pk", flat=True)
    assert list(period_id) == []
    assert list(periods_to_look_at(at=LATER + timedelta(days=30))) == []
    take_back_destruction(report_id=report.pk, reason="Er loopt bezwaar.", actor=approvers()[0], at=LATER)
    assert list(periods_to_look_at(at=LATER + timedelta(hours=23))) == []
    (period,) = periods_to_look_at(at=LATER + timedelta(days=1))
    assert make_report(period_id=period.pk, at=LATER + timedelta(days=1)) is not None
    assert make_report(period_id=period.pk, at=LATER + timedelta(days=1)) is None
    assert DestructionReport.objects.count() == 2


def test_the_job_looks_at_each_period_that_ends() -> None:
    sent_mail()
    period_of()
    period_of(DataKind.EVENTS, length=None)
    period_of(DataKind.GRANTED)
    make_reports_task()
    assert [each.kind for each in DestructionReport.objects.all()] == [DataKind.MAIL_TEXTS]


def test_drafts_that_were_discarded_count_from_then_and_what_was_submitted_is_never_among_them() -> None:
    case = discarded()
    submitted = scenarios.submitted()
    withdraw(application_id=submitted.pk, actor=submitted.applicant, at=AT)
    scenarios.written()
    assert listed(DataKind.DISCARDED_DRAFTS) == [case.pk]
    assert listed(DataKind.DISCARDED_DRAFTS, before=AT) == []


def test_drafts_that_were_never_submitted_count_from_the_end_of_the_call_or_a_later_change() -> None:
    case = scenarios.written()
    discarded()
    scenarios.submitted()
    closed_at = case.call.rounds.order_by("-deadline_at")[0].deadline_at
    second = timedelta(seconds=1)
    assert listed(DataKind.UNSUBMITTED_DRAFTS, before=closed_at) == []
    assert listed(DataKind.UNSUBMITTED_DRAFTS, before=closed_at + second) == [case.pk]
    type(case).objects.filter(pk=case.pk).update(changed_at=LATER)
    assert listed(DataKind.UNSUBMITTED_DRAFTS, before=LATER) == []


def unconfirmed() -> User:
    user = User.objects.create_user("nieuw@voorbeeld.example", full_name="Nieuw")
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    User.objects.filter(pk=user.pk).update(created_at=AT)
    return user


def test_accounts_that_were_never_confirmed_count_from_registration() -> None:
    user = unconfirmed()
    User.objects.filter(pk__in=[UserFactory.create().pk]).update(created_at=AT)
    assert listed(DataKind.UNCONFIRMED_ACCOUNTS) == [user.pk]
    # A second address that is confirmed makes it somebody's.
    EmailAddress.objects.create(user=user, email="ander@voorbeeld.example", verified=True)
    assert listed(DataKind.UNCONFIRMED_ACCOUNTS) == []


def test_accounts_that_something_needs_are_never_unused() -> None:
    unused = UserFactory.create(last_login=AT)
    person(Role.REVIEWER, last_login=AT)
    case = scenarios.submitted()
    User.objects.filter(pk=case.applicant.pk).update(last_login=AT)
    speaker_for(case.lead, last_login=AT)
    UserFactory.create(last_login=LATER)
    assert listed(DataKind.UNUSED_ACCOUNTS) == [unused.pk]


def test_reminders_and_the_choice_of_them_keep_no_account() -> None:
    unused = UserFactory.create(last_login=AT)
    review_round = make_call(slug="herinnerd", reference_prefix="HER").rounds.get(number=1)
    unused.deadline_reminders.create(review_round=review_round, kind="first", made_at=AT, was_mailed=True)
    choose_reminders(wanted=[], actor=unused)
    EmailAddress.objects.create(user=unused, email="eerder@anders.example", verified=True).delete()
    DailyOverview.objects.create(user=unused, told_until=AT)
    assert listed(DataKind.UNUSED_ACCOUNTS) == [unused.pk]


def test_an_account_that_recorded_something_is_needed() -> None:
    """Who gave a role, proved a colleague or approved stays known, also without a role of their own."""
    unused, administrator = UserFactory.create_batch(2, last_login=AT)
    person(Role.OFFICER, last_login=LATER).role_grants.update(granted_by=administrator)
    assert listed(DataKind.UNUSED_ACCOUNTS) == [unused.pk]


def test_links_count_from_when_they_stopped_working_and_who_was_asked_stays_known() -> None:
    """Rule 27: by its last link a partner is known to have been asked."""
    case = scenarios.submitted(signed=False)
    answered = set(case.links.filter(consent__isnull=False).values_list("pk", flat=True))
    assert answered
    to_sign = set(case.links.filter(purpose="sign").values_list("pk", flat=True))
    assert set(listed(DataKind.LINKS)) == to_sign
    partner = case.links.filter(purpose="consent").latest("pk")
    assert partner.participation is not None
    fields = {
        "application": partner.application,
        "participation": partner.participation,
        "purpose": "consent",
        "email": partner.email,
        "asked_by": partner.asked_by,
        "asked_at": AT,
        "expires_at": AT + timedelta(days=14),
        "withdrawn_at": AT,
    }
    older = OneTimeLink.objects.create(**fields, secret_digest="1" * 64)
    newer = OneTimeLink.objects.create(**fields, secret_digest="2" * 64)
    assert set(listed(DataKind.LINKS)) == to_sign | {older.pk}
    assert newer.pk not in listed(DataKind.LINKS)


def test_texts_of_mails_count_once_they_went_out_or_were_settled() -> None:
    waiting = sent_mail()
    type(waiting).objects.filter(pk=waiting.pk).update(status="uncertain", sent_at=None)
    settled = sent_mail()
    type(settled).objects.filter(pk=settled.pk).update(status="settled", sent_at=None)
    sent = sent_mail()
    assert sorted(listed(DataKind.MAIL_TEXTS)) == [settled.pk, sent.pk]
