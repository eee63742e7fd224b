"""The mails that acts on an application cause."""

from datetime import datetime

from applications.models import Application, Consent, OneTimeLink, Receipt
from coalitions.models import Participation
from hubportal.accounts.models import User
from hubportal.documents.models import Document
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import AttachedFile, queue_mail
from hubportal.mail.models import OutgoingMail


def queue_consent_request(link: OneTimeLink, secret: str, *, at: datetime) -> OutgoingMail:
    """Ask a partner for consent."""
    return _queue(
        "consent_request", link.application, link.email, at, link=link, address=_address(link, secret)
    )


def queue_consent_answered(consent: Consent, *, at: datetime) -> OutgoingMail:
    """Tell the person who writes the application what a partner answered."""
    application = consent.application
    return _queue(
        "consent_answered",
        application,
        application.created_by.email,
        at,
        consent=consent,
        address=address_of("applications:overview", application.reference),
    )


def queue_partner_removed(
    application: Application, partner: Participation, *, name: str, address: str, at: datetime
) -> OutgoingMail:
    """Tell who was asked for consent that the organisation is no longer in the coalition."""
    return _queue("partner_removed", application, address, at, partner=partner, name=name)


def queue_signature_request(
    link: OneTimeLink, secret: str, *, due_at: datetime | None, is_reminder: bool, at: datetime
) -> OutgoingMail:
    """Ask somebody to sign the declaration, or remind them."""
    return _queue(
        "signature_request",
        link.application,
        link.email,
        at,
        link=link,
        due_at=due_at,
        is_reminder=is_reminder,
        address=_address(link, secret),
    )


def queue_receipt(receipt: Receipt, document: Document, *, at: datetime) -> OutgoingMail:
    """Confirm receipt, with the PDF (Awb 4:3a)."""
    application = receipt.application
    subject, body = compose(
        "receipt",
        {**_context(application), "address": address_of("applications:status", application.reference)},
    )
    assert application.submitted_by is not None
    return queue_mail(
        kind="receipt",
        recipient=application.submitted_by.email,
        subject=subject,
        body=body,
        about=application.reference,
        at=at,
        attachments=[AttachedFile(document.stored_as, f"ontvangstbevestiging-{application.reference}.pdf")],
    )


def queue_withdrawn(application: Application, actor: User, *, at: datetime) -> OutgoingMail:
    """Confirm that a submitted application was withdrawn."""
    return _queue("withdrawn", application, actor.email, at)


def _queue(
    kind: str, application: Application, recipient: str, at: datetime, **context: object
) -> OutgoingMail:
    subject, body = compose(kind, {**_context(application), **context})
    return queue_mail(
        kind=kind, recipient=recipient, subject=subject, body=body, about=application.reference, at=at
    )


def _context(application: Application) -> dict[str, object]:
    return {
        "application": application,
        "coalition": application.coalition,
        "lead": application.coalition.lead_organisation,
        "call": application.call,
    }


def _address(link: OneTimeLink, secret: str) -> str:
    name = "applications:consent" if link.purpose == "consent" else "applications:sign"
    return address_of(name, secret)
