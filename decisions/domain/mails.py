"""The mails that deciding causes."""

from datetime import datetime

from applications.queries.named import named_in
from decisions.domain.ibans import masked
from decisions.models import BankAccount, WithdrawnDecision
from decisions.permissions import may_see_case
from hubportal.accounts.models import User
from hubportal.kernel.mailboxes import mailbox
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import Message, queue_mail, queue_mails
from letters.models import Correction
from organisations.queries import people_who_speak_for


def queue_sent_back(decision: WithdrawnDecision, *, at: datetime) -> None:
    """Tell who recorded a decision that it was sent back; what and why is on the page alone (rule 26).

    Nobody to whom the application was closed since: not by a mail either (rule 14).
    """
    reference = decision.application.reference
    if not may_see_case.rows(decision.recorded_by).filter(reference=reference).exists():
        return
    _queue(
        "decision_sent_back",
        decision.recorded_by,
        reference,
        address=address_of("admin:decision", reference),
        at=at,
    )


def queue_correction_sent_back(correction: Correction, *, at: datetime) -> None:
    """Tell who recorded a correction that a colleague took or sent it back, as of a decision."""
    reference = correction.letter.about
    if not may_see_case.rows(correction.recorded_by).filter(reference=reference).exists():
        return
    _queue(
        "correction_sent_back",
        correction.recorded_by,
        reference,
        address=address_of("admin:correct_letter", reference),
        at=at,
    )


def queue_bank_account(account: BankAccount, *, at: datetime) -> None:
    """Tell everybody who answers for a grant what became of a bank account, with its number masked, once per mailbox.

    Whoever did not expect it calls: the number may have been given by somebody who took over an account.
    """
    application = account.application
    named = (email for email, _name in named_in(application.people))
    # Who gave it also when they speak for the organisation no more.
    giver = account.given_by.email
    spoken = people_who_speak_for(application.coalition.lead_organisation_id).order_by("pk")
    addresses = [*named, *spoken.values_list("email", flat=True), giver]
    each_once = {mailbox(each): each for each in reversed(addresses) if each}
    opening = {mailbox(each.email) for each in spoken}
    messages = []
    for each in sorted(each_once.values()):
        # Who is only named in it opens nothing of it.
        page = address_of("applications:status", application.reference) if mailbox(each) in opening else ""
        context = {
            "account": account,
            "number": masked(account.iban),
            "reference": application.reference,
            "call": application.call,
            "lead": application.coalition.lead_name,
            "address": page,
        }
        subject, body = compose("bank_account", context)
        messages.append(Message("bank_account", each, subject, body, about=application.reference))
    queue_mails(messages, at=at)


def _queue(kind: str, recorder: User, reference: str, *, address: str, at: datetime) -> None:
    context = {"recorder": recorder, "reference": reference, "address": address}
    subject, body = compose(kind, context)
    queue_mail(kind=kind, recipient=recorder.email, subject=subject, body=body, about=reference, at=at)
