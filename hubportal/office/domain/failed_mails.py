"""Settling the mails that failed or are uncertain (rule 25)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import check_shown
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from hubportal.office.events import MAIL_SETTLED
from hubportal.office.permissions import may_settle_mails
from hubportal.office.queries import mails_open_to


class AlreadySettled(RuleViolation):
    """The mail is not waiting to be settled."""


def state_in_short(mail: OutgoingMail) -> str:
    """Return which attempt a mail came to and what became of it: another one has another state."""
    return f"{mail.status} {mail.attempts} {mail.claimed_at.isoformat() if mail.claimed_at else ''}"


@transaction.atomic(durable=True)
def settle_mail(
    *,
    mail_id: int,
    send_again: bool,
    actor: User,
    at: datetime,
    arrived: bool = False,
    seen: str | None = None,
) -> OutgoingMail:
    """Settle a mail that failed or is uncertain: resend it, or close it without sending.

    One that was uncertain and ``arrived`` counts as sent at the moment it was handed over, and so moves on the letter
    that it brought (rule 19). ``seen`` is ``state_in_short`` of what was shown: what surely failed may have been sent
    again since, and arrived.

    Raises ``NotAllowed`` unless the actor works for the office and may know of the mail, ``AlreadySettled`` if it was settled before, and
    ``NewerVersion``.
    """
    mail = OutgoingMail.objects.select_for_update().get(pk=mail_id)
    may_settle_mails.check(actor)
    if not mails_open_to(actor, OutgoingMail.objects.filter(pk=mail.pk)).exists():
        raise NotAllowed(_("This e-mail is about an application that is not open to you."))
    if mail.status not in {MailStatus.UNCERTAIN, MailStatus.FAILED}:
        raise AlreadySettled(_("This e-mail has already been settled."))
    check_shown(state_in_short(mail), seen)
    if send_again:
        mail.status, mail.due_at, mail.attempts, mail.problem = MailStatus.QUEUED, at, 0, ""
    elif arrived and mail.status == MailStatus.UNCERTAIN:
        mail.status, mail.sent_at = MailStatus.SENT, mail.claimed_at
    else:
        mail.status = MailStatus.SETTLED
    mail.save()
    record(
        MAIL_SETTLED,
        subject=mail,
        actor=actor,
        at=at,
        facts={"send_again": send_again, "arrived": mail.status == MailStatus.SENT},
    )
    return mail
