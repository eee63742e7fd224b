"""The receipt as PDF, in Dutch."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from applications.domain.signing import signature_due_at
from applications.letters import parts
from applications.models import Application, Receipt
from applications.queries.copied_consents import latest_consents
from hubportal.kernel.clock import AMSTERDAM, local_date
from hubportal.kernel.dates import dutch_day, dutch_moment
from hubportal.kernel.money import dutch_euros
from letters.domain.composing import sender_of
from letters.domain.printing import letter_pdf
from letters.domain.structure import Content, section


def receipt_pdf(receipt: Receipt, code: str, at: datetime) -> bytes:
    """Return the PDF that confirms receipt and carries a copy of what was entered (Awb 4:3a), sealed ``at``.

    Its date is that of receipt; a certificate that ended or began since signs nothing in the past.
    """
    return letter_pdf(receipt_content(receipt), code, at)


def receipt_content(receipt: Receipt) -> Content:
    """Return what the receipt says."""
    application = receipt.application
    frozen = json.loads(bytes(application.frozen.content))
    people = frozen["people"]
    [lead] = [each for each in frozen["organisations"] if each["is_lead"]]
    return {
        "kind": "receipt",
        "noun": "Ontvangstbevestiging",
        "title": f"Ontvangstbevestiging {application.reference}",
        "reference": application.reference,
        "dated_on": dutch_day(local_date(receipt.made_at)),
        "sender": sender_of(application.call),
        "addressee": {
            "name": lead["name"],
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
        "annex": {
            "title": "Wat u hebt ingediend",
            "sections": _copy(application, frozen),
        },
    }


def _sections(receipt: Receipt, frozen: dict[str, Any]) -> list[Content]:
    application = receipt.application
    received = receipt.made_at.astimezone(AMSTERDAM)
    sign_before = signature_due_at(application)
    assert application.review_round is not None and sign_before is not None  # it was submitted
    decided_on = dutch_day(application.review_round.award_expected_on)
    return [
        section(
            paragraphs=[
                f"Uw aanvraag is ingediend. Wij ontvingen die op {dutch_day(received)} om {received:%H:%M:%S} uur. "
                f"De aanvraag wordt beoordeeld in ronde\u00a0{application.review_round.number}.",
                "De hoofdaanvrager en de bestuurlijk verantwoordelijke ondertekenen de verklaring "
                f"vóór {dutch_moment(sign_before)}, als dat nog niet is gebeurd.",
                f"U krijgt ons besluit uiterlijk op {decided_on}. Dat kan meer dan acht weken na uw aanvraag zijn, omdat "
                "wij alle aanvragen van een ronde tegelijk beoordelen (artikel 4:14 Awb).",
            ],
            rows=[
                ["Kenmerk", application.reference],
                ["Project", frozen["title"]],
                ["Regio", frozen["region"]["name"]],
                ["Gevraagd bedrag", dutch_euros(Decimal(frozen["requested_amount"]))],
                ["Besluit uiterlijk op", decided_on],
                ["Digitale vingerafdruk (SHA-256)", application.frozen.sha256],
            ],
        ),
    ]


def _copy(application: Application, frozen: dict[str, Any]) -> list[Content]:
    declaration = application.call.declaration_text
    return [
        parts.project(frozen),
        parts.organisations(frozen),
        section("Betrokkenen", rows=_people(frozen["people"])),
        *_delivery(frozen),
        *parts.texts(frozen),
        parts.budget(
            frozen["budget"],
            Decimal(frozen["requested_amount"]),
            heading="Begroting",
            total_label="Totaal, het gevraagde bedrag",
        ),
        parts.attachments(frozen, none="U hebt geen bijlagen meegestuurd."),
        *_consents(application),
        section("Verklaring", paragraphs=declaration.replace("\r\n", "\n").split("\n\n")),
    ]


def _consents(application: Application) -> list[Content]:
    """Return who consented for each partner, with their function where it was asked, and when."""
    given = [
        [each.participation.stated_name, f"{each.given_as}, op {dutch_moment(each.answered_at)}"]
        for each in latest_consents(application)
    ]
    return [section("Instemming van de partners", rows=given)] if given else []


def _people(people: dict[str, Any]) -> list[list[str]]:
    """Return who answer for the application; without addresses, because partners can read a receipt too."""
    labels = {
        "main_applicant": "Hoofdaanvrager",
        "authorised_signatory": "Bestuurlijk verantwoordelijke",
        "project_leader": "Projectleider",
    }
    parts = ("name", "function", "organisation")
    return [
        [label, ", ".join(people[key][part] for part in parts if people[key].get(part))]
        for key, label in labels.items()
    ]


def _delivery(frozen: dict[str, Any]) -> list[Content]:
    """Return where the letter goes; what was submitted before that was asked does not say so."""
    address = frozen.get("postal_address")
    if address is None:
        return []
    how = "Per e-mail, als pdf, niet op papier" if frozen["electronic_letters"] else "Op papier, per post"
    where = f"{address['street']}, {address['postal_code']} {address['place']}"
    return [
        section("De brief met ons besluit", rows=[["Postadres penvoerder", where], ["Hoe u die krijgt", how]])
    ]
