"""Documents for tests: rows alone, or letters that are rendered, signed and kept."""

from datetime import UTC, date, datetime
from typing import Any

from factory.declarations import LazyAttribute, LazyFunction, Sequence
from factory.django import DjangoModelFactory

from hubportal.documents.domain.rendering import render_pdf
from hubportal.documents.domain.signing import sign_pdf
from hubportal.documents.domain.storage import new_verification_code, store_document
from hubportal.documents.enums import DocumentKind
from hubportal.documents.models import Document
from hubportal.kernel.canonical import digest

SENT_AT = datetime(2024, 7, 4, 8, 30, tzinfo=UTC)


class DocumentFactory(DjangoModelFactory[Document]):
    """The row of a letter, without its file."""

    class Meta:
        model = Document

    kind = DocumentKind.LETTER
    title = Sequence(lambda number: f"Besluit HUB-2024-1-{number:04}")
    about = Sequence(lambda number: f"HUB-2024-1-{number:04}")
    sha256 = LazyAttribute(lambda document: digest(document.about.encode()))
    stored_as = LazyAttribute(lambda document: f"documents/{document.sha256}.pdf")
    size = 1000
    verification_code = LazyFunction(new_verification_code)
    dated_on = date(2024, 7, 4)
    created_at = SENT_AT


def letter_content(**changes: Any) -> dict[str, Any]:
    """Return what a letter of a grant says."""
    content: dict[str, Any] = {
        "kind": "granted",
        "reference": "HUB-2024-1-0007",
        "dated_on": "4 juli 2024",
        "sender": {"name": "Programma Voorbeeld (fictief)", "lines": ["Postbus 1", "3500 AA Utrecht"]},
        "addressee": {
            "name": "Stichting Samen Sterk (fictief)",
            "attention": "mevrouw Łukaszewska-Noël",
            "lines": ["Marktstraat 12", "7001 AB Doetinchem"],
        },
        "subject": "Toekenning van uw aanvraag",
        "salutation": "Geachte mevrouw Łukaszewska-Noël,",
        "sections": [
            {"heading": "", "paragraphs": ["Wij kennen u een subsidie toe."], "items": [], "rows": []},
            {
                "heading": "Het besluit",
                "paragraphs": ["Dit is besloten:"],
                "items": ["de regio in kaart brengen;", "een coalitie vormen."],
                "rows": [["Subsidie, ten hoogste", "€\u00a048.750,00"], ["Duur", "6 maanden"]],
            },
        ],
        "closing": {
            "text": "Met vriendelijke groet,",
            "on_behalf_of": "namens het bestuur,",
            "name": "A. de Vries (fictief)",
            "function": "directeur",
        },
        "annex": {
            "title": "Advies van de commissie",
            "sections": [
                {"heading": "Oordeel", "paragraphs": ["De commissie is positief."], "items": [], "rows": []}
            ],
        },
        "verification": {
            "code": "HP-7K2M-9QXT-4VNB",
            "address": "https://hubportaal.example/verificatie/HP-7K2M-9QXT-4VNB/",
        },
    }
    return content | changes


def letter_pdf(content: dict[str, Any] | None = None, *, at: datetime = SENT_AT) -> bytes:
    """Return a rendered letter that is not signed yet."""
    content = content or letter_content()
    return render_pdf(
        template="document.html",
        context={"content": content},
        title=f"Besluit {content['reference']}",
        reference=content["reference"],
        created_at=at,
        publisher=content["sender"]["name"],
        code=content["verification"]["code"],
    )


def signed_letter(content: dict[str, Any] | None = None, *, at: datetime = SENT_AT) -> bytes:
    """Return a letter as it is sent."""
    return sign_pdf(letter_pdf(content, at=at), reason="Besluit op een aanvraag", at=at)


def kept_letter(*, reference: str = "HUB-2024-1-0007", at: datetime = SENT_AT) -> Document:
    """Keep a letter that is rendered and signed, with a code of its own."""
    code = new_verification_code()
    address = f"https://hubportaal.example/verificatie/{code}/"
    content = letter_content(reference=reference, verification={"code": code, "address": address})
    return store_document(
        kind=DocumentKind.LETTER,
        pdf=signed_letter(content, at=at),
        title=f"Besluit {reference}",
        about=reference,
        dated_on=date(2024, 7, 4),
        code=code,
        at=at,
    )
