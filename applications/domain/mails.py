"""The mails that acts on an application cause."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from applications.models import (
    Application,
    Attachment,
    Collaborator,
    Consent,
    ConsentQuestion,
    OneTimeLink,
    Receipt,
    SignatureCopy,
)
from applications.permissions import may_manage
from applications.queries.consent_questions import reaches_asker
from applications.queries.handovers import contact_of
from applications.queries.named import named_in
from coalitions.models import Participation
from hubportal.accounts.models import User
from hubportal.accounts.queries import mailboxes_of
from hubportal.documents.models import Document
from hubportal.kernel.mailboxes import mailbox
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import AttachedFile, queue_mail
from hubportal.mail.models import OutgoingMail
from organisations.queries import people_who_speak_for, undisputed_people_of
from organisations.unbroken import vouched_people_of

_A_DAY = timedelta(days=1)


def queue_consent_request(link: OneTimeLink, secret: str, *, at: datetime) -> OutgoingMail:
    """Ask a partner for consent."""
    is_again = link.application.consents.filter(participation=link.participation).exists()
    page = _address(link, secret)
    return queue_about(
        "consent_request", link.application, link.email, at, link=link, address=page, is_again=is_again
    )


def queue_consent_answered(consent: Consent, *, at: datetime) -> list[OutgoingMail]:
    """Tell who writes the application what a partner answered."""
    application = consent.application
    page = address_of("applications:overview", application.reference)
    return [
        queue_about("consent_answered", application, each.email, at, consent=consent, address=page)
        for each in _who_writes(application)
    ]


def queue_consent_copy(consent: Consent, *, at: datetime) -> OutgoingMail:
    """Send who consented the copy of what they consented to, at the address through which they did (rule 35)."""
    application, partner = consent.application, consent.participation
    came_by = consent.link or consent.user
    assert came_by is not None  # a constraint
    page = address_of("applications:consent_account", application.reference, partner.pk)
    file = AttachedFile(consent.copy_stored_as, f"instemming-{application.reference}.pdf")
    context = {"consent": consent, "partner": partner, "address": page}
    return queue_about("consent_copy", application, came_by.email, at, attachments=[file], **context)


def queue_signature_copy(copy: SignatureCopy, *, at: datetime) -> OutgoingMail:
    """Send who signed the copy of what they signed, at the address through which they did (rule 35)."""
    signature, application = copy.signature, copy.signature.application
    came_by = signature.link or signature.user
    assert came_by is not None  # a constraint
    page = address_of("applications:receipt", application.reference)
    file = AttachedFile(copy.stored_as, f"ondertekening-{application.reference}.pdf")
    context = {"signature": signature, "address": page}
    return queue_about("signature_copy", application, came_by.email, at, attachments=[file], **context)


def queue_consent_question(question: ConsentQuestion, *, at: datetime) -> list[OutgoingMail]:
    """Tell everybody who speaks for the lead what a partner asks; while that is proved of nobody, who writes."""
    application = question.application
    page = address_of("applications:answer_question", application.reference, question.key)
    speakers = people_who_speak_for(application.coalition.lead_organisation_id).filter(is_active=True)
    return [
        queue_about("consent_question", application, each.email, at, question=question, address=page)
        for each in list(speakers.order_by("pk")) or _who_writes(application)
    ]


def queue_consent_question_answered(question: ConsentQuestion, *, at: datetime) -> OutgoingMail | None:
    """Send a partner the answer to what it asked, at the address through which it did; nobody who was replaced since."""
    if not reaches_asker(question):
        return None
    return queue_about(
        "consent_question_answered", question.application, question.email, at, question=question
    )


def queue_consent_elsewhere(consent: Consent, *, at: datetime) -> list[OutgoingMail]:
    """Tell who speaks for a partner that somebody consented for it of whom that is not proved; once a day for each application.

    Whoever leads a coalition chooses the mailbox that is asked: without it an organisation would not hear that it takes part.
    """
    application, partner = consent.application, consent.participation
    came_by = consent.link or consent.user
    assert came_by is not None  # a constraint
    speakers = vouched_people_of(partner.organisation_id).filter(is_active=True).order_by("pk")
    # Whom a colleague disputes is no reason to leave that colleague out.
    if mailbox(came_by.email) in mailboxes_of(undisputed_people_of(partner.organisation_id)):
        return []
    speakers = speakers.exclude(pk=consent.user_id or 0)
    told = OutgoingMail.objects.filter(
        kind="consent_elsewhere", about=application.reference, queued_at__gt=at - _A_DAY
    ).values_list("recipient", flat=True)
    page = address_of("applications:consent_account", application.reference, partner.pk)
    return [
        queue_about(
            "consent_elsewhere",
            application,
            each.email,
            at,
            consent=consent,
            person=each,
            by=came_by.email,
            address=page,
        )
        for each in speakers.exclude(email__in=told)
    ]


def _who_writes(application: Application) -> list[User]:
    """Return the contact person of the lead; once they may write it no more, whoever speaks for it (rules 22 and 27)."""
    contact = contact_of(application)
    if contact.is_active and may_manage.allows(contact, application):
        return [contact]
    speakers = people_who_speak_for(application.coalition.lead_organisation_id)
    return list(speakers.filter(is_active=True).order_by("pk"))


def queue_invitation(invited: Collaborator, *, at: datetime) -> OutgoingMail:
    """Ask somebody to write or read a draft along; the address opens nothing without an account of that mailbox."""
    page = address_of("applications:invitation", invited.key)
    return queue_about(
        "collaborator_invited", invited.application, invited.email, at, invited=invited, address=page
    )


def queue_partner_removed(
    application: Application, partner: Participation, *, name: str, address: str, at: datetime
) -> OutgoingMail:
    """Tell who was asked for consent that the organisation is no longer in the coalition."""
    return queue_about("partner_removed", application, address, at, partner=partner, name=name)


def queue_infected(application: Application, attachment: Attachment, *, at: datetime) -> OutgoingMail:
    """Tell who added an attachment that a virus was found in it later; what to do differs once it was submitted."""
    person = attachment.added_by
    name = "attachments" if application.is_draft else "status"
    page = address_of(f"applications:{name}", application.reference)
    return queue_about(
        "attachment_infected",
        application,
        person.email,
        at,
        person=person,
        attachment=attachment,
        address=page,
    )


def queue_signature_request(
    link: OneTimeLink, secret: str, *, due_at: datetime | None, is_reminder: bool, at: datetime
) -> OutgoingMail:
    """Ask somebody to sign the declaration, or remind them."""
    return queue_about(
        "signature_request",
        link.application,
        link.email,
        at,
        link=link,
        due_at=due_at,
        is_reminder=is_reminder,
        address=_address(link, secret),
    )


def queue_receipt(
    receipt: Receipt, document: Document, *, due_at: datetime | None, at: datetime
) -> OutgoingMail:
    """Confirm receipt, with the PDF (Awb 4:3a)."""
    application = receipt.application
    subject, body = compose(
        "receipt",
        {
            **_context(application),
            "due_at": due_at,
            "address": address_of("applications:status", application.reference),
        },
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


def queue_named_leader(application: Application, *, at: datetime) -> OutgoingMail | None:
    """Tell the project leader that somebody named them (GDPR art. 14), unless another mail of the application does.

    The main applicant, who often is the leader, named themselves; the signatory is told when asked to sign.
    """
    people = application.people
    told = {mailbox(people.main_applicant_email), mailbox(people.signatory_email)}
    if mailbox(people.leader_email) in told:
        return None
    # Whom others ended there reads of it no more than that they are named, which the law asks (rule 27).
    is_told = people.leader_email in {email for email, _name in named_in(people)}
    page = address_of("applications:receipt", application.reference) if is_told else ""
    return queue_about("named_leader", application, people.leader_email, at, people=people, address=page)


def queue_about(
    kind: str,
    application: Application,
    recipient: str,
    at: datetime,
    *,
    attachments: Sequence[AttachedFile] = (),
    **context: object,
) -> OutgoingMail:
    """Queue a mail of a kind about an application, within the act that causes it; ``context`` is what its words need more."""
    subject, body = compose(kind, {**_context(application), **context})
    return queue_mail(
        kind=kind,
        recipient=recipient,
        subject=subject,
        body=body,
        about=application.reference,
        at=at,
        attachments=attachments,
    )


def _context(application: Application) -> dict[str, object]:
    return {
        "application": application,
        "coalition": application.coalition,
        "lead": application.coalition.lead_name,
        "call": application.call,
    }


def _address(link: OneTimeLink, secret: str) -> str:
    name = "applications:consent" if link.purpose == "consent" else "applications:sign"
    return address_of(name, secret)
