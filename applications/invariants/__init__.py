"""Invariants of applications (rules 2 to 11, 13, 14, 21, 24, 32, 37 and 44)."""

from collections.abc import Iterator
from itertools import chain

from applications.invariants import agreement, history, leads, parties, receipt, writing
from applications.models import Attachment
from hubportal.audit.domain.constraints import broken_constraints
from hubportal.kernel.invariants import Violation

_CONSTRAINTS = {
    "application_in_round_only_after_submission": 3,
    "application_received_has_round_and_moment": 3,
    "FrozenContent.application": 4,
    "SealedApplication.application": 4,
    "SealedApplication.frozen": 4,
    "application_amount_within_ceiling": 6,
    "budget_line_above_zero": 6,
    "budget_line_is_hours_times_rate": 6,
    "application_duration_within_call": 7,
    "application_received_has_title_and_start": 7,
    "consent_given_by_link_or_account": 8,
    "one_time_link_knows_who_answers": 8,
    "one_time_link_one_live_per_partner": 8,
    "main_applicant_and_signatory_of_one_organisation": 10,
    "declaration_signed_by_link_or_account": 10,
    "declaration_signed_once_per_role": 10,
    "one_time_link_one_live_per_signatory": 10,
    "application_one_open_or_granted_per_coalition_and_call": 11,
    "application_section_once_per_spec": 12,
    "Receipt.application": 13,
    "receipt_produced_with_its_document": 13,
    "reading_access_one_per_person": 14,
    "application_of_a_known_status": 21,
    "application_draft_was_never_submitted": 21,
    "application_withdrawal_has_a_moment_only_while_it_lasts": 21,
    "attachment_has_its_digest": 24,
    "attachment_once_per_content": 24,
    "attachment_scanned_has_its_moment": 24,
    "lead_offer_one_open_per_coalition": 44,
    "lead_offer_open_for_thirty_days": 44,
    "lead_offer_settled_at_a_moment": 44,
    "lead_offer_accepted_by_somebody_else_in_time": 44,
    "lead_offer_declined_with_a_reason": 44,
}


def violations() -> Iterator[Violation]:
    """Yield each row of this app that breaks a rule."""
    return chain(
        receipt.violations(),
        writing.violations(),
        agreement.violations(),
        parties.violations(),
        leads.violations(),
        history.violations(),
        _attachments(),
        broken_constraints("applications", _CONSTRAINTS),
    )


def _attachments() -> Iterator[Violation]:
    """Yield each attachment whose stored name does not follow from its application and digest."""
    named = Attachment.objects.values_list("pk", "application_id", "sha256", "stored_as").order_by("pk")
    for row, application, sha256, stored_as in named.iterator():
        if stored_as != f"attachments/{application}/{sha256}.pdf":
            yield Violation(24, Attachment._meta.label, row, "is not stored under its own digest")
