"""The copy of a signature as PDF, in Dutch: exactly what somebody signed, as the page showed it to them (rule 35)."""

import json
from decimal import Decimal
from typing import Any

from applications.enums import SigningRole
from applications.letters import parts
from applications.letters.copies import copy_pdf
from applications.models import DeclarationSignature
from hubportal.kernel.dates import dutch_moment
from letters.domain.structure import Content, paragraphs_of, section

# In Dutch whatever the language of who signed.
_AS = {
    SigningRole.MAIN_APPLICANT: "hoofdaanvrager",
    SigningRole.AUTHORISED_SIGNATORY: "bestuurlijk verantwoordelijke",
}


def signature_copy_pdf(signature: DeclarationSignature) -> bytes:
    """Return the PDF of what was signed; the same signature, the same bytes."""
    application = signature.application
    frozen = json.loads(bytes(application.frozen.content))
    return copy_pdf(
        reference=application.reference,
        title=f"Afschrift van ondertekening {application.reference}",
        heading="Wat u ondertekende",
        mark=f"Afschrift van uw ondertekening op {dutch_moment(signature.signed_at)}",
        sections=_sections(signature, frozen),
        at=signature.signed_at,
    )


def _sections(signature: DeclarationSignature, frozen: dict[str, Any]) -> list[Content]:
    [lead] = [each for each in frozen["organisations"] if each["is_lead"]]
    return [
        section(
            rows=[
                ["Kenmerk", signature.application.reference],
                ["Penvoerder", lead["name"]],
                ["Subsidieoproep", signature.application.call.title],
                ["Ondertekend door", signature.signed_as],
                ["Als", _AS[SigningRole(signature.role)]],
                ["Ondertekend op", dutch_moment(signature.signed_at)],
                ["Digitale vingerafdruk (SHA-256)", signature.content_sha256],
            ],
        ),
        section("De verklaring", paragraphs=paragraphs_of(signature.declaration)),
        parts.project(frozen),
        parts.organisations(frozen),
        *parts.texts(frozen),
        parts.budget(
            frozen["budget"],
            Decimal(frozen["requested_amount"]),
            heading="Begroting",
            total_label="Totaal, het gevraagde bedrag",
        ),
        parts.attachments(frozen, none="Er zijn geen bijlagen meegestuurd."),
    ]
