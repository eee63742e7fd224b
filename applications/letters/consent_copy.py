"""The copy of a consent as PDF, in Dutch: exactly what a partner consented to, and who did so (rule 35)."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from applications.letters import parts
from applications.letters.copies import copy_pdf
from applications.models import Consent
from hubportal.kernel.dates import dutch_moment
from hubportal.kernel.money import ZERO
from hubportal.kernel.periods import project_end
from letters.domain.structure import Content, paragraphs_of, section


def consent_copy_pdf(consent: Consent) -> bytes:
    """Return the PDF of a consent that keeps what was agreed; the same consent, the same bytes."""
    application = consent.application
    text = json.loads(bytes(consent.agreed_text or b"{}"))
    share = json.loads(bytes(consent.agreed_share or b"{}"))
    return copy_pdf(
        reference=application.reference,
        title=f"Afschrift van instemming {application.reference}",
        heading=f"Waar {consent.participation.stated_name} mee instemde",
        mark=f"Afschrift van uw instemming op {dutch_moment(consent.answered_at)}",
        sections=_sections(consent, text, share["lines"]),
        at=consent.answered_at,
    )


def _sections(consent: Consent, text: dict[str, Any], share: list[dict[str, Any]]) -> list[Content]:
    application = consent.application
    total = sum((_signed(each) for each in share), ZERO)
    content = {**text, "ends_on": _ends_on(text)}
    return [
        section(
            paragraphs=[
                "De aanvraag was toen een concept: instemmen is niet indienen. Verandert de tekst, een bijlage of uw deel van de "
                "begroting, dan geldt uw instemming niet meer en vraagt de penvoerder u opnieuw."
            ],
            rows=[
                ["Organisatie", consent.participation.stated_name],
                ["Instemming van", consent.given_as],
                ["Gegeven op", dutch_moment(consent.answered_at)],
                ["Penvoerder", application.coalition.lead_name],
                ["Subsidieoproep", application.call.title],
            ],
        ),
        section("Waarmee u instemde", paragraphs=paragraphs_of(consent.agreed_words)),
        parts.project(content),
        section("Organisaties", items=_organisations(consent, text)),
        *parts.texts(text, with_questions=True),
        parts.budget(share, total, heading="Uw deel van de begroting", total_label="Totaal van uw deel"),
        parts.attachments(text, none="Er waren geen bijlagen."),
        section(
            "Digitale vingerafdrukken",
            rows=[["Tekst (SHA-256)", consent.text_digest], ["Uw deel (SHA-256)", consent.share_digest]],
        ),
    ]


def _signed(line: dict[str, Any]) -> Decimal:
    amount = Decimal(line["amount"])
    return -amount if line["is_contribution"] else amount


def _ends_on(text: dict[str, Any]) -> str | None:
    if text["starts_on"] is None or text["duration_months"] is None:
        return None
    return project_end(date.fromisoformat(text["starts_on"]), text["duration_months"]).isoformat()


def _organisations(consent: Consent, text: dict[str, Any]) -> list[str]:
    """Return the members that were agreed to, by the names that the coalition has for them now; one that left by its number."""
    members = consent.application.coalition.participations.select_related("organisation").order_by(
        "-is_lead", "pk"
    )
    names = {each.organisation.kvk_number: each.stated_name for each in members}
    return [
        f"{names[each]} (KvK {each})" if each in names else f"KvK {each}" for each in text["organisations"]
    ]
