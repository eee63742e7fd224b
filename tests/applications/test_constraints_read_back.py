"""A row that came in while a constraint of applications was gone is named, with the rule it breaks."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from applications import invariants
from applications.models import (
    Application,
    ApplicationPeople,
    ApplicationSection,
    Attachment,
    BudgetLine,
    Consent,
    DeclarationSignature,
    FrozenContent,
    LeadOffer,
    OneTimeLink,
    ReadingAccess,
    Receipt,
    SealedApplication,
)
from applications.models.lead_offer import OPEN_FOR
from tests.applications.broken_leads import accepted, offer_of
from tests.applications.world import World, attachment
from tests.breaking import check_constraint, copy_of, force
from tests.factories.accounts import UserFactory
from tests.factories.moments import AT

pytestmark = pytest.mark.django_db


def twice(row: Any, **changes: Any) -> list[Any]:
    return [row, copy_of(row, **changes)]


def live_twice(link: OneTimeLink) -> list[OneTimeLink]:
    force(link, used_at=None, withdrawn_at=None)
    link.refresh_from_db()
    return twice(link, secret_digest="0" * 64)


def may_read(world: World) -> ReadingAccess:
    return ReadingAccess.objects.create(application=world.sealed, user=UserFactory.create(), granted_at=AT)


CONSTRAINTS: dict[str, tuple[Any, Callable[[World], Any]]] = {
    "application_in_round_only_after_submission": (
        Application,
        lambda world: force(world.draft, review_round=world.round(2)),
    ),
    "application_received_has_round_and_moment": (
        Application,
        lambda world: force(world.submitted, submitted_by=None),
    ),
    "application_draft_was_never_submitted": (
        Application,
        lambda world: force(world.draft, submitted_at=AT),
    ),
    "application_withdrawal_has_a_moment_only_while_it_lasts": (
        Application,
        lambda world: force(world.draft, withdrawn_at=AT),
    ),
    "FrozenContent.application": (FrozenContent, lambda world: twice(world.submitted.frozen)),
    "SealedApplication.application": (
        SealedApplication,
        lambda world: twice(world.sealed.seal, frozen=world.submitted.frozen),
    ),
    "SealedApplication.frozen": (
        SealedApplication,
        lambda world: twice(world.sealed.seal, application=world.submitted),
    ),
    "application_amount_within_ceiling": (
        Application,
        lambda world: force(world.submitted, requested_amount="50000.01"),
    ),
    "budget_line_above_zero": (BudgetLine, lambda world: force(world.own("budget_lines"), amount=0)),
    "budget_line_is_hours_times_rate": (BudgetLine, lambda world: force(world.own("budget_lines"), hours=2)),
    "application_duration_within_call": (
        Application,
        lambda world: force(world.submitted, duration_months=7),
    ),
    "application_received_has_title_and_start": (
        Application,
        lambda world: force(world.submitted, starts_on=None),
    ),
    "consent_given_by_link_or_account": (Consent, lambda world: force(world.consent, link=None)),
    "one_time_link_knows_who_answers": (
        OneTimeLink,
        lambda world: force(world.draft_consent.link, participation=None),
    ),
    "one_time_link_one_live_per_partner": (OneTimeLink, lambda world: live_twice(world.draft_consent.link)),
    "main_applicant_and_signatory_of_one_organisation": (
        ApplicationPeople,
        lambda world: force(world.draft.people, signatory_organisation=world.draft.partners[0].organisation),
    ),
    "declaration_signed_by_link_or_account": (
        DeclarationSignature,
        lambda world: force(world.signature, link=None),
    ),
    "declaration_signed_once_per_role": (
        DeclarationSignature,
        lambda world: twice(world.sealed.signatures.get(link=None)),
    ),
    "one_time_link_one_live_per_signatory": (OneTimeLink, lambda world: live_twice(world.signature.link)),
    "application_one_open_or_granted_per_coalition_and_call": (
        Application,
        lambda world: twice(world.draft, reference="CRP24-9999"),
    ),
    "application_section_once_per_spec": (ApplicationSection, lambda world: twice(world.own("sections"))),
    "Receipt.application": (Receipt, lambda world: twice(world.submitted.receipt)),
    "receipt_produced_with_its_document": (
        Receipt,
        lambda world: force(world.submitted.receipt, produced_at=AT),
    ),
    "reading_access_one_per_person": (ReadingAccess, lambda world: twice(may_read(world))),
    "application_of_a_known_status": (Application, lambda world: force(world.submitted, status="lost")),
    "attachment_has_its_digest": (Attachment, lambda world: attachment(world.draft, "x" * 64)),
    "attachment_once_per_content": (Attachment, lambda world: twice(attachment(world.draft))),
    "attachment_scanned_has_its_moment": (
        Attachment,
        lambda world: force(attachment(world.draft), scan="clean"),
    ),
    "lead_offer_one_open_per_coalition": (
        LeadOffer,
        lambda world: twice(offer_of(world.draft), key=uuid4()),
    ),
    "lead_offer_open_for_thirty_days": (
        LeadOffer,
        lambda world: force(offer_of(world.draft), lapses_at=AT + 2 * OPEN_FOR),
    ),
    "lead_offer_settled_at_a_moment": (
        LeadOffer,
        lambda world: force(offer_of(world.draft), state="stopped"),
    ),
    "lead_offer_accepted_by_somebody_else_in_time": (
        LeadOffer,
        lambda world: force(accepted(world.draft), settled_at=AT + OPEN_FOR),
    ),
    "lead_offer_declined_with_a_reason": (
        LeadOffer,
        lambda world: force(offer_of(world.draft), declined_because="Nee"),
    ),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_a_row_that_a_dropped_constraint_let_in_is_named(world: World, name: str) -> None:
    model, act = CONSTRAINTS[name]
    check_constraint(invariants, name, model, lambda: act(world))


def test_every_constraint_was_tried() -> None:
    assert set(CONSTRAINTS) == set(invariants._CONSTRAINTS)
