"""The content of an application as plain data: to be frozen, shown to assessors and agreed to."""

from typing import Any

from applications.domain.snapshot import Snapshot
from applications.models import Application, Attachment, BudgetLine
from calls.domain.attachment_kinds import attachment_kinds
from coalitions.models import Participation
from hubportal.kernel.canonical import canonical_bytes, digest
from hubportal.kernel.periods import project_end

# Of what is frozen. Version 2 knows where and how the letter of the decision is sent, version 3 the hours and rates in the
# budget, version 4 the kinds of attachments that the call asks; earlier ones stay valid.
SCHEMA = 4
# Of what partners agree to. Version 2 holds the attachments, so that none is changed behind their backs.
AGREED_SCHEMA = 2


def content_of(snapshot: Snapshot) -> dict[str, Any]:
    """Return the content of an application; the frozen structure carries its version number (rule 4)."""
    application = snapshot.application
    call, coalition = application.call, application.coalition
    return {
        "schema": SCHEMA,
        "reference": application.reference,
        "call": {"slug": call.slug, "title": call.title},
        "title": application.title,
        "region": {"code": coalition.region.code, "name": coalition.region.name},
        "coalition": coalition.name,
        "organisations": [_organisation(each) for each in snapshot.members],
        "people": _people(snapshot),
        "postal_address": {
            "street": snapshot.people.postal_street,
            "postal_code": snapshot.people.postal_code,
            "place": snapshot.people.postal_place,
        },
        "electronic_letters": snapshot.people.electronic_letters,
        "starts_on": application.starts_on,
        "ends_on": _ends_on(application),
        "duration_months": application.duration_months,
        "requested_amount": application.requested_amount,
        "sections": _sections(snapshot),
        "budget": _budget(snapshot),
        "attachments": _attachments(snapshot),
    }


def agreed_text(snapshot: Snapshot) -> bytes:
    """Return what every partner agrees to, as canonical JSON: text, dates, members and attachments (rule 9)."""
    application = snapshot.application
    return canonical_bytes(
        {
            "schema": AGREED_SCHEMA,
            "title": application.title,
            "starts_on": application.starts_on,
            "duration_months": application.duration_months,
            "organisations": sorted(each.organisation.kvk_number for each in snapshot.members),
            "sections": _sections(snapshot),
            "attachments": _attachments(snapshot),
        }
    )


def text_digest(snapshot: Snapshot) -> str:
    """Return the digest of what every partner agrees to (rule 9)."""
    return digest(agreed_text(snapshot))


def agreed_shares(snapshot: Snapshot) -> dict[int, bytes]:
    """Return each member's own share of the budget as canonical JSON, by participation (rule 9)."""
    budget = _budget(snapshot)
    shares = {
        each.pk: [line for line in budget if line["kvk_number"] == each.organisation.kvk_number]
        for each in snapshot.members
    }
    return {key: canonical_bytes({"schema": AGREED_SCHEMA, "lines": lines}) for key, lines in shares.items()}


def share_digests(snapshot: Snapshot) -> dict[int, str]:
    """Return the digest of each member's own share of the budget, by participation (rule 9)."""
    return {key: digest(share) for key, share in agreed_shares(snapshot).items()}


def whole_digest(snapshot: Snapshot) -> str:
    """Return a digest of everything that is submitted, which detects changes made after somebody read it."""
    return digest(canonical_bytes(content_of(snapshot)))


def reading_digest(snapshot: Snapshot) -> str:
    """Return a digest of everything the consent page shows, which detects changes made while somebody reads."""
    named_at = snapshot.application.coalition.lead_named_at
    read = text_digest(snapshot) + str(snapshot.application.budget_version)
    return read + (named_at.isoformat() if named_at else "")


def _organisation(participation: Participation) -> dict[str, Any]:
    """Return an organisation as the coalition names it, which no change of the map changes (rule 26)."""
    seat = participation.stated_municipality
    return {
        "id": participation.organisation_id,
        "name": participation.stated_name,
        "kvk_number": participation.organisation.kvk_number,
        "legal_form": participation.stated_legal_form,
        "municipality": seat.name if seat else "",
        "is_lead": participation.is_lead,
        "contact": {"name": participation.contact_name, "email": participation.contact_email},
    }


def _people(snapshot: Snapshot) -> dict[str, Any]:
    people = snapshot.people
    names: dict[int | None, str] = {each.organisation_id: each.stated_name for each in snapshot.members}
    return {
        "main_applicant": {
            "organisation": names.get(people.main_applicant_organisation_id, ""),
            "name": people.main_applicant_name,
            "email": people.main_applicant_email,
        },
        "authorised_signatory": {
            "organisation": names.get(people.signatory_organisation_id, ""),
            "name": people.signatory_name,
            "email": people.signatory_email,
            "function": people.signatory_function,
        },
        "project_leader": {
            "organisation": names.get(people.leader_organisation_id, ""),
            "name": people.leader_name,
            "email": people.leader_email,
        },
    }


def _ends_on(application: Application) -> Any:
    if application.starts_on is None or application.duration_months is None:
        return None
    return project_end(application.starts_on, application.duration_months)


def _sections(snapshot: Snapshot) -> list[dict[str, Any]]:
    return [
        {"key": each.key, "title": each.title, "question": each.question, "text": snapshot.text_of(each)}
        for each in snapshot.specs
    ]


def _attachments(snapshot: Snapshot) -> list[dict[str, Any]]:
    labels = {each.key: each.label for each in attachment_kinds(snapshot.application.call)}
    return [
        {"title": each.title, "sha256": each.sha256, "size": each.size, **_kind(each, labels)}
        for each in sorted(snapshot.attachments, key=lambda each: each.sha256)
    ]


def _kind(attachment: Attachment, labels: dict[str, str]) -> dict[str, str]:
    """Return what a file is, where the call asks for it: what partners agreed to before it could, stays what it was."""
    return {"kind": labels.get(attachment.kind, attachment.kind)} if attachment.kind else {}


def _budget(snapshot: Snapshot) -> list[dict[str, Any]]:
    return [
        {
            "heading": each.heading.title,
            "is_contribution": each.heading.is_contribution,
            "organisation": each.participation.stated_name,
            "kvk_number": each.participation.organisation.kvk_number,
            "description": each.description,
            "amount": each.amount,
            **_hours(each),
        }
        for each in snapshot.lines
    ]


def _hours(line: BudgetLine) -> dict[str, Any]:
    """Return hours and rate where they were given: what is agreed to without them stays agreed to."""
    return {} if line.hours is None else {"hours": line.hours, "rate": line.rate}
