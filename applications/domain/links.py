"""One-time links: making, finding and using them."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.enums import LinkPurpose
from applications.models import Application, AskedMail, OneTimeLink
from coalitions.models import Participation
from hubportal.accounts.models import User
from hubportal.accounts.permissions import OFFICERS, Person
from hubportal.kernel.clock import local_date, local_moment
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.mailboxes import mailbox
from hubportal.kernel.one_time import DeadLink, new_secret, secret_digest, without_secret
from hubportal.kernel.periods import days_later
from hubportal.mail.domain.outbox import rewrite_sent
from organisations.ended import mailboxes_ended_at

# How soon a link may be mailed again: a double click mails once.
RESEND_COOL_DOWN = timedelta(minutes=1)
_A_DAY = timedelta(days=1)
# Mails that one person can have sent in a day, to one address and in total: the portal cannot be used to flood a mailbox.
MAX_MAILS_PER_ADDRESS = 10
MAX_MAILS_PER_PERSON = 50


class TooManyMails(RuleViolation):
    """Somebody reached the daily limit of mails."""


def make_link(
    application: Application,
    *,
    purpose: LinkPurpose,
    name: str,
    email: str,
    replaces: OneTimeLink | None,
    actor: User,
    at: datetime,
    **who: Any,
) -> tuple[OneTimeLink, str]:
    """Make a link for one answer, replacing the live one for the same answer, and return it with its secret.

    The actor is locked by the caller. Raises ``TooManyMails``.
    """
    check_not_too_many(actor, email, at=at)
    note_asked_mail(actor, email, at=at)
    if replaces is not None:
        replaces.withdrawn_at = at
        replaces.save(update_fields=["withdrawn_at"])
        _blank(replaces)
    secret = new_secret()
    link = OneTimeLink.objects.create(
        application=application,
        purpose=purpose,
        name=name,
        email=email,
        secret_digest=secret_digest(secret),
        asked_by=actor,
        asked_at=at,
        expires_at=_end_of_day(days_later(at, application.call.link_days)),
        **who,
    )
    return link, secret


def _end_of_day(moment: datetime) -> datetime:
    """Return the last moment of the day in the Netherlands: who reads "until 10 December" has that day."""
    return local_moment(local_date(moment) + _A_DAY) - timedelta(microseconds=1)


def withdraw_unanswered(application: Application, participation: Participation, *, at: datetime) -> None:
    """Withdraw the link by which a partner was asked for consent, within the act that makes it superfluous."""
    application.links.filter(
        purpose=LinkPurpose.CONSENT, participation=participation, used_at=None, withdrawn_at=None
    ).update(withdrawn_at=at)


def withdraw_all_unanswered(application: Application, *, at: datetime) -> None:
    """Withdraw every link by which a partner was asked for consent, within the act that lets another organisation lead (rule 44)."""
    asked = application.links.filter(purpose=LinkPurpose.CONSENT, used_at=None, withdrawn_at=None)
    for link in asked.order_by("pk"):
        link.withdrawn_at = at
        link.save(update_fields=["withdrawn_at"])
        _blank(link)


def is_within_cool_down(link: OneTimeLink, *, email: str, at: datetime) -> bool:
    """Tell whether a live link was mailed to this address within the resend cool-down."""
    return link.email == email and link.asked_at > at - RESEND_COOL_DOWN


def check_not_mailed_lately(asker: User, email: str, *, at: datetime) -> None:
    """Raise ``TooManyMails`` within the resend cool-down, also where the link of then is gone."""
    lately = AskedMail.objects.filter(asked_by=asker, asked_at__gt=at - RESEND_COOL_DOWN)
    if lately.filter(mailbox_digest=secret_digest(mailbox(email))).exists():
        raise TooManyMails(
            _("We have just sent an e-mail to %(email)s. Wait a minute, then ask again.") % {"email": email}
        )


def note_asked_mail(asker: User, email: str, *, at: datetime) -> None:
    """Count a mail to an address that the asker chose, in the act that queues it."""
    AskedMail.objects.create(asked_by=asker, mailbox_digest=secret_digest(mailbox(email)), asked_at=at)


def check_may_tell(asker: User, email: str, *, at: datetime) -> None:
    """Raise ``TooManyMails`` where the asker made the portal tell an address of asking and taking back all day.

    What takes something back follows on what was asked, so that it may go on when nothing more may be asked.
    """
    if _mailed_today(asker, at=at).count(secret_digest(mailbox(email))) >= 2 * MAX_MAILS_PER_ADDRESS:
        raise _too_many_to(email, 2 * MAX_MAILS_PER_ADDRESS)


def _mailed_today(asker: User, *, at: datetime) -> list[str]:
    today = AskedMail.objects.filter(asked_by=asker, asked_at__gt=at - _A_DAY)
    # Asked and taken back, at most.
    return list(today.values_list("mailbox_digest", flat=True)[: 2 * MAX_MAILS_PER_PERSON])


def check_not_too_many(asker: User, email: str, *, at: datetime) -> None:
    """Raise ``TooManyMails`` where the asker had as many mails sent in a day as one person can; the office has no limit."""
    if OFFICERS.includes(asker):
        return
    asked = _mailed_today(asker, at=at)
    if asked.count(secret_digest(mailbox(email))) >= MAX_MAILS_PER_ADDRESS:
        raise _too_many_to(email, MAX_MAILS_PER_ADDRESS)
    if len(asked) >= MAX_MAILS_PER_PERSON:
        raise TooManyMails(
            _("You have asked for %(count)d e-mails in one day. That is the maximum; try again tomorrow.")
            % {"count": MAX_MAILS_PER_PERSON}
        )


def _too_many_to(email: str, count: int) -> TooManyMails:
    return TooManyMails(
        _("You have asked for %(count)d e-mails to %(email)s in one day. Try again tomorrow, or call them.")
        % {"count": count, "email": email}
    )


def find_link(secret: str, purpose: LinkPurpose) -> OneTimeLink | None:
    """Return the link with this secret, whether it still works or not."""
    return (
        OneTimeLink.objects.select_related(
            "application__call", "application__coalition", "participation__organisation"
        )
        .filter(secret_digest=secret_digest(secret), purpose=purpose)
        .first()
    )


def check_alive(link: OneTimeLink, *, at: datetime) -> None:
    """Raise ``DeadLink`` with the reason why the link does not work any more."""
    if link.used_at is not None:
        raise DeadLink(_("This link has already been used. You can only answer once."))
    if link.withdrawn_at is not None or _is_to_other(link):
        raise DeadLink(_("This link has been replaced by a newer one. Look for our latest e-mail."))
    if at >= link.expires_at:
        raise DeadLink(_("This link has expired. Ask the lead organisation to send a new one."))


def check_contact_stands(link: OneTimeLink, signed_in_as: Person | None) -> None:
    """Raise ``DeadLink`` for the contact of a partner at which others ended them since: what was mailed opens nothing (rule 27).

    Nor for who is logged in and was ended there, through the mailbox of somebody else.
    """
    place = link.participation
    if place is None:
        return
    readers = {mailbox(link.email)}
    if signed_in_as is not None and signed_in_as.is_authenticated:
        readers.add(signed_in_as.mailbox)
    if not readers.isdisjoint(mailboxes_ended_at([place.organisation_id])[place.organisation_id]):
        raise DeadLink(
            _(
                "A colleague or the programme office noted that you do not speak for this organisation. Ask the lead organisation about it."
            )
        )


def is_alive(link: OneTimeLink, *, at: datetime) -> bool:
    """Tell whether the link can still be answered."""
    try:
        check_alive(link, at=at)
    except DeadLink:
        return False
    return True


def _is_to_other(link: OneTimeLink) -> bool:
    """Tell whether the link was mailed to an address that is no longer the partner's contact, or was not for a while."""
    place = link.participation
    if place is None:
        return False
    return place.contact_email != link.email or bool(
        place.contact_since and link.asked_at < place.contact_since
    )


def use_link(link_id: int, *, at: datetime) -> OneTimeLink:
    """Lock the link, check that it is alive and mark it used. Raises ``DeadLink``."""
    link = OneTimeLink.objects.select_for_update().get(pk=link_id)
    check_alive(link, at=at)
    link.used_at = at
    link.save(update_fields=["used_at"])
    _blank(link)
    return link


def _blank(link: OneTimeLink) -> None:
    """Take the secret out of the mail that brought it: it opens nothing any more, and need not be kept."""
    rewrite_sent(
        lambda text: without_secret(text, link.secret_digest),
        about=link.application.reference,
        recipient=link.email,
    )
