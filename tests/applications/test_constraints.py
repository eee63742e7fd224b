"""Constraints and triggers of applications."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from applications.enums import ConsentAnswer, LinkPurpose, SigningRole, Status
from applications.models import (
    Application,
    ApplicationPeople,
    ApplicationSection,
    Attachment,
    BudgetLine,
    Consent,
    OneTimeLink,
    ReadingAccess,
    Receipt,
)
from tests.factories.documents import DocumentFactory
from tests.factories.moments import AT
from tests.factories.scenarios import ready, started, submitted
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("application_amount_within_ceiling", {"requested_amount": "50000.01"}),
        ("application_amount_within_ceiling", {"requested_amount": 0}),
        ("application_amount_within_ceiling", {"requested_amount": "-1"}),
        ("application_duration_within_call", {"duration_months": 7}),
        ("application_duration_within_call", {"duration_months": 0}),
        ("application_duration_within_call", {"duration_months": None}),
        ("application_received_has_title_and_start", {"title": ""}),
        ("application_received_has_title_and_start", {"starts_on": None}),
        ("application_received_has_round_and_moment", {"review_round": None}),
        ("application_received_has_round_and_moment", {"submitted_by": None}),
    ],
)
def test_the_database_refuses_a_submission_that_cannot_be(constraint: str, values: dict[str, Any]) -> None:
    """Rules 6, 7 and 3."""
    case = submitted()
    with refused_by(constraint):
        Application.objects.filter(pk=case.pk).update(**values)


def test_the_database_refuses_a_round_without_a_submission() -> None:
    case = started()
    with refused_by("application_in_round_only_after_submission"):
        Application.objects.filter(pk=case.pk).update(review_round=case.call.rounds.first())


def test_the_database_refuses_a_second_open_application_and_takes_one_after_a_withdrawal() -> None:
    """Rule 11."""
    case = started()
    values = {
        field.attname: getattr(case, field.attname)
        for field in Application._meta.concrete_fields
        if field.attname not in {"id", "reference"}
    }
    with refused_by("application_one_open_or_granted_per_coalition_and_call"):
        Application.objects.create(**values, reference="CRP24-9999")
    for status in (Status.SUBMITTED, Status.SEALED, Status.ADVISED):
        with refused_by("application_one_open_or_granted_per_coalition_and_call"):
            Application.objects.create(**{
                **values, "reference": "CRP24-9999", "status": status, "title": "x", "starts_on": AT.date(),
                "duration_months": 1, "requested_amount": 1, "submitted_at": AT,
                "submitted_by_id": case.applicant.pk, "review_round_id": case.call.rounds.first().pk,
            })  # fmt: skip
    Application.objects.filter(pk=case.pk).update(status=Status.WITHDRAWN)
    assert Application.objects.create(**values, reference="CRP24-9999").pk


def test_the_database_refuses_people_of_two_organisations() -> None:
    """Rule 10."""
    case = started()
    with refused_by("main_applicant_and_signatory_of_one_organisation"):
        ApplicationPeople.objects.filter(application=case).update(
            signatory_organisation=case.partners[0].organisation
        )


def test_the_database_refuses_a_section_twice() -> None:
    case = ready()
    section = case.sections.first()
    with refused_by("application_section_once_per_spec"):
        ApplicationSection.objects.create(
            application=case, spec=section.spec, saved_at=AT, saved_by=case.applicant
        )


def test_the_database_refuses_a_line_of_nothing_and_a_place_taken() -> None:
    """Rule 6."""
    case = ready()
    line = case.budget_lines.first()
    for amount in ("0.00", "-0.01"):
        with refused_by("budget_line_above_zero"):
            BudgetLine.objects.filter(pk=line.pk).update(amount=amount)
    for numbers in (
        {"hours": 2},
        {"rate": 2},
        {"hours": 2, "rate": 2},
        {"hours": -2, "rate": -line.amount / 2},
    ):
        with refused_by("budget_line_is_hours_times_rate"):
            BudgetLine.objects.filter(pk=line.pk).update(**numbers)
    with refused_by("budget_line_once_per_key"):
        BudgetLine.objects.filter(pk=case.budget_lines.last().pk).update(key=line.key)
    with refused_by("budget_line_once_per_position"):
        BudgetLine.objects.filter(pk=case.budget_lines.last().pk).update(position=line.position)


def test_the_database_refuses_a_file_twice_or_without_its_digest_or_the_moment_of_its_scan() -> None:
    case = started()
    values = {
        "application": case,
        "title": "plan.pdf",
        "stored_as": "attachments/x.pdf",
        "size": 9,
        "added_at": AT,
        "added_by": case.applicant,
    }
    Attachment.objects.create(**values, sha256="a" * 64)
    with refused_by("attachment_once_per_content"):
        Attachment.objects.create(**values, sha256="a" * 64)
    with refused_by("attachment_has_its_digest"):
        Attachment.objects.create(**values, sha256="A" * 64)
    for scan in ({"scan": "clean"}, {"scanned_at": AT}, {"scan": "who knows", "scanned_at": AT}):
        with refused_by("attachment_scanned_has_its_moment"):
            Attachment.objects.create(**values, sha256="b" * 64, **scan)


def test_the_database_refuses_a_consent_of_nobody_and_a_no_without_a_reason() -> None:
    """Rules 8 and 9."""
    case = started()
    values = {
        "application": case,
        "participation": case.partners[0],
        "given_by_name": "Bo",
        "text_digest": "a" * 64,
        "share_digest": "a" * 64,
        "answered_at": AT,
    }
    with refused_by("consent_given_by_link_or_account"):
        Consent.objects.create(**values, answer=ConsentAnswer.GIVEN)
    with refused_by("consent_declined_with_a_reason"):
        Consent.objects.create(**values, answer=ConsentAnswer.DECLINED, user=case.applicant)


def test_the_database_refuses_links_that_do_not_know_who_answers_or_answer_twice() -> None:
    case = started()

    def link(secret: str, **values: Any) -> OneTimeLink:
        return OneTimeLink.objects.create(
            application=case,
            name="Bo",
            email="bo@x.example",
            secret_digest=secret * 64,
            asked_by=case.applicant,
            asked_at=AT,
            expires_at=AT + timedelta(days=1),
            **values,
        )

    consent = {"purpose": LinkPurpose.CONSENT, "participation": case.partners[0]}
    sign = {"purpose": LinkPurpose.SIGN, "signing_role": SigningRole.MAIN_APPLICANT}
    for wrong in (
        {"purpose": LinkPurpose.CONSENT},
        {"purpose": LinkPurpose.SIGN},
        {**consent, "signing_role": SigningRole.MAIN_APPLICANT},
        {**sign, "participation": case.partners[0]},
    ):
        with refused_by("one_time_link_knows_who_answers"):
            link("a", **wrong)
    link("b", **consent)
    with refused_by("one_time_link_one_live_per_partner"):
        link("c", **consent)
    link("d", **sign)
    with refused_by("one_time_link_one_live_per_signatory"):
        link("e", **sign)
    OneTimeLink.objects.update(used_at=AT)
    assert link("f", **consent).pk
    assert link("g", **sign).pk


def test_the_database_refuses_two_rows_that_open_one_application_to_one_person() -> None:
    """Rule 14."""
    case = started()
    row = {"application": case, "user": case.applicant, "granted_at": AT}
    ReadingAccess.objects.create(**row)
    with refused_by("reading_access_one_per_person"):
        ReadingAccess.objects.create(**row)
    ReadingAccess.objects.update(revoked_at=AT)
    with transaction.atomic():
        ReadingAccess.objects.create(**row)


def test_the_database_refuses_a_receipt_that_is_half_made() -> None:
    case = submitted()
    with refused_by("receipt_produced_with_its_document"):
        Receipt.objects.filter(application=case).update(produced_at=AT)
    with refused_by("receipt_produced_with_its_document"):
        Receipt.objects.filter(application=case).update(document=DocumentFactory.create())
