"""The receipt as PDF, in Dutch."""

import json
from decimal import Decimal
from typing import Any

from applications.models import Receipt
from hubportal.documents.domain.rendering import render_pdf
from hubportal.documents.domain.signing import sign_pdf
from hubportal.kernel.clock import AMSTERDAM, local_date
from hubportal.kernel.money import euros
from hubportal.mail.domain.composing import address_of


def receipt_pdf(receipt: Receipt, code: str) -> bytes:
    """Return the signed PDF that confirms receipt and carries a copy of what was entered (Awb 4:3a)."""
    pdf = render_pdf(
        template="document.html",
        context={"content": receipt_content(receipt, code)},
        title=f"Ontvangstbevestiging {receipt.application.reference}",
        reference=receipt.application.reference,
        created_at=receipt.made_at,
        publisher=receipt.application.call.deciding_body,
        code=code,
    )
    return sign_pdf(pdf, reason="Ontvangstbevestiging", at=receipt.made_at)


def receipt_content(receipt: Receipt, code: str) -> dict[str, Any]:
    """Return what the receipt says."""
    application = receipt.application
    frozen = json.loads(bytes(application.frozen.content))
    people = frozen["people"]
    return {
        "kind": "receipt",
        "reference": application.reference,
        "dated_on": local_date(receipt.made_at),
        "sender": {"name": application.call.deciding_body, "lines": application.call.sender_lines},
        "addressee": {
            "name": application.coalition.lead_organisation.name,
            "attention": people["main_applicant"]["name"],
            "lines": [],
        },
        "subject": f"Ontvangst van uw aanvraag {application.reference}",
        "salutation": f"Geachte {people['main_applicant']['name']},",
        "sections": _sections(receipt, frozen),
        "closing": {
            "text": "Met vriendelijke groet,",
            "on_behalf_of": application.call.deciding_body,
            "name": "",
            "function": "",
        },
        "annex": {"title": "Wat u hebt ingediend", "sections": _copy(frozen)},
        "verification": {"code": code, "address": address_of("documents:verify")},
    }


def _sections(receipt: Receipt, frozen: dict[str, Any]) -> list[dict[str, Any]]:
    application = receipt.application
    received = receipt.made_at.astimezone(AMSTERDAM)
    assert application.review_round is not None
    return [
        {
            "heading": "",
            "paragraphs": [
                f"Uw aanvraag is ingediend. Wij ontvingen haar op {received:%d-%m-%Y} om {received:%H:%M:%S} uur. "
                f"Zij wordt beoordeeld in ronde {application.review_round.number}.",
                "De hoofdaanvrager en de bestuurlijk verantwoordelijke ondertekenen de verklaring "
                f"binnen {application.call.signature_days} dagen na indiening, als dat nog niet is gebeurd.",
            ],
            "items": [],
            "rows": [
                ["Kenmerk", application.reference],
                ["Project", frozen["title"]],
                ["Regio", frozen["region"]["name"]],
                ["Gevraagd bedrag", euros(Decimal(frozen["requested_amount"]))],
                ["Besluit verwacht op", f"{application.review_round.award_expected_on:%d-%m-%Y}"],
                ["Controlegetal (SHA-256)", application.frozen.sha256],
            ],
        },
    ]


def _copy(frozen: dict[str, Any]) -> list[dict[str, Any]]:
    texts = [
        {"heading": each["title"], "paragraphs": each["text"].split("\n\n"), "items": [], "rows": []}
        for each in frozen["sections"]
    ]
    budget = {
        "heading": "Begroting",
        "paragraphs": [],
        "items": [],
        "rows": [
            [
                f"{each['heading']}: {each['description']} ({each['organisation']})",
                ("− " if each["is_contribution"] else "") + euros(Decimal(each["amount"])),
            ]
            for each in frozen["budget"]
        ],
    }
    parties = {
        "heading": "Organisaties",
        "paragraphs": [],
        "items": [f"{each['name']} (KvK {each['kvk_number']})" for each in frozen["organisations"]],
        "rows": [],
    }
    return [parties, *texts, budget]
