"""The decision letter as signed PDF."""

from datetime import datetime
from typing import Any

from hubportal.documents.domain.rendering import render_pdf
from hubportal.documents.domain.signing import sign_pdf
from hubportal.mail.domain.composing import address_of


def decision_letter_pdf(content: dict[str, Any], code: str, at: datetime) -> bytes:
    """Return the letter as tagged, archivable, signed PDF."""
    verification = {"code": code, "address": address_of("documents:verify")}
    pdf = render_pdf(
        template="document.html",
        context={"content": {**content, "verification": verification}},
        title=content["subject"],
        reference=content["reference"],
        created_at=at,
        publisher=content["sender"]["name"],
        code=code,
    )
    return sign_pdf(pdf, reason="Besluit", at=at)
