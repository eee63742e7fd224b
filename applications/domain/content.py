"""What an application says, as plain data: to be frozen, shown to assessors and agreed to."""

from collections.abc import Iterable
from typing import Any

from applications.models import Application
from coalitions.models import Participation
from hubportal.kernel.canonical import canonical_bytes, digest
from hubportal.kernel.periods import project_end

SCHEMA = 1


def content_of(application: Application) -> dict[str, Any]:
    """Return everything an application says; the shape that is frozen carries its version (rule 4)."""
    call, coalition = application.call, application.coalition
    return {
        "schema": SCHEMA,
        "reference": application.reference,
        "call": {"slug": call.slug, "title": call.title},
        "title": application.title,
        "region": {"code": coalition.region.code, "name": coalition.region.name},
        "coalition": coalition.name,
        "organisations": [_organisation(each) for each in _participations(application)],
        "people": _people(application),
        "starts_on": application.starts_on,
        "ends_on": _ends_on(application),
        "duration_months": application.duration_months,
        "requested_amount": application.requested_amount,
        "sections": _sections(application),
        "budget": _budget(application),
        "attachments": _attachments(application),
    }


def attached_digest(application: Application) -> str:
    """Return the digest of the names and contents of what is enclosed."""
    return digest(canonical_bytes({"schema": SCHEMA, "attachments": _attachments(application)}))


def text_digest(application: Application) -> str:
    """Return the digest of what every partner agrees to: the text, the dates and who takes part (rule 9)."""
    return digest(
        canonical_bytes(
            {
                "schema": SCHEMA,
                "title": application.title,
                "starts_on": application.starts_on,
                "duration_months": application.duration_months,
                "organisations": sorted(
                    each.organisation.kvk_number for each in _participations(application)
                ),
                "sections": _sections(application),
            }
        )
    )


def share_digest(application: Application, participation: Participation) -> str:
    """Return the digest of one partner's own share of the budget (rule 9)."""
    return share_digests(application, [participation])[participation.pk]


def share_digests(application: Application, participations: Iterable[Participation]) -> dict[int, str]:
    """Return the digest of the own share of each, by participation; the budget is read once."""
    budget = _budget(application)
    shares = {
        each.pk: [line for line in budget if line["kvk_number"] == each.organisation.kvk_number]
        for each in participations
    }
    return {key: digest(canonical_bytes({"schema": SCHEMA, "lines": lines})) for key, lines in shares.items()}


def _participations(application: Application) -> list[Participation]:
    rows = application.coalition.participations.select_related("organisation__municipality")
    return list(rows.order_by("-is_lead", "pk"))


def _organisation(participation: Participation) -> dict[str, Any]:
    organisation = participation.organisation
    return {
        "id": organisation.pk,
        "name": organisation.name,
        "kvk_number": organisation.kvk_number,
        "legal_form": organisation.legal_form,
        "municipality": organisation.municipality.name,
        "is_lead": participation.is_lead,
        "contact": {"name": participation.contact_name, "email": participation.contact_email},
    }


def _people(application: Application) -> dict[str, Any]:
    people = application.people
    return {
        "main_applicant": {
            "organisation": _name(people.main_applicant_organisation),
            "name": people.main_applicant_name,
            "email": people.main_applicant_email,
        },
        "authorised_signatory": {
            "organisation": _name(people.signatory_organisation),
            "name": people.signatory_name,
            "email": people.signatory_email,
            "function": people.signatory_function,
        },
        "project_leader": {
            "organisation": _name(people.leader_organisation),
            "name": people.leader_name,
            "email": people.leader_email,
        },
    }


def _name(organisation: Any) -> str:
    return organisation.name if organisation is not None else ""


def _ends_on(application: Application) -> Any:
    if application.starts_on is None or application.duration_months is None:
        return None
    return project_end(application.starts_on, application.duration_months)


def _sections(application: Application) -> list[dict[str, Any]]:
    texts = dict(application.sections.values_list("spec_id", "text"))
    return [
        {"key": spec.key, "title": spec.title, "question": spec.question, "text": texts.get(spec.pk, "")}
        for spec in application.call.sections.all()
    ]


def _attachments(application: Application) -> list[dict[str, Any]]:
    return [
        {"title": each.title, "sha256": each.sha256, "size": each.size}
        for each in application.attachments.order_by("sha256")
    ]


def _budget(application: Application) -> list[dict[str, Any]]:
    lines = application.budget_lines.select_related("heading", "participation__organisation")
    return [
        {
            "heading": each.heading.title,
            "is_contribution": each.heading.is_contribution,
            "organisation": each.participation.organisation.name,
            "kvk_number": each.participation.organisation.kvk_number,
            "description": each.description,
            "amount": each.amount,
        }
        for each in lines
    ]
