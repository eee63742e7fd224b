"""The mails that go with a letter."""

from datetime import datetime

from applications.domain.frozen import frozen_content
from decisions.models import DecisionLetter
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import Enclosure, queue_mail
from hubportal.mail.models import OutgoingMail


def queue_letter(letter: DecisionLetter, *, at: datetime) -> OutgoingMail:
    """Mail the letter to the lead organisation, a copy to each partner, and return the first (rule 19)."""
    application = letter.decision.application
    assert letter.document is not None
    enclosures = [Enclosure(letter.document.stored_as, f"besluit-{application.reference}.pdf")]
    context = {
        "application": application,
        "address": address_of("applications:status", application.reference),
        "verification": address_of("documents:verify"),
        "code": letter.document.verification_code,
    }
    first = _queue("decision", application.people.main_applicant_email, context, enclosures, at=at)
    applied = [each["id"] for each in frozen_content(application)["organisations"]]
    partners = application.coalition.participations.filter(is_lead=False, organisation__in=applied)
    for partner in partners.order_by("pk"):
        _queue("decision_copy", partner.contact_email, context, enclosures, at=at)
    return first


def _queue(
    kind: str, recipient: str, context: dict[str, object], enclosures: list[Enclosure], *, at: datetime
) -> OutgoingMail:
    subject, body = compose(kind, context)
    return queue_mail(
        kind=kind,
        recipient=recipient,
        subject=subject,
        body=body,
        about=str(context["application"]),
        at=at,
        enclosures=enclosures,
    )
