"""Reads of the office."""

from django.db.models import Q, QuerySet

from hubportal.accounts.models import User
from hubportal.accounts.permissions import ADMINISTRATORS, ASSESSORS, takes_part_now
from hubportal.audit.domain.collecting import modules_named
from hubportal.audit.models import AuditEvent
from hubportal.mail.models import OutgoingMail
from hubportal.mail.queries import mails_to_settle
from hubportal.office.events import MAIL_SETTLED


def once_to_settle() -> QuerySet[OutgoingMail]:
    """Return the mails that the office has to settle, or settled: of any other nobody learns by its number that it is there (rule 26)."""
    settled = AuditEvent.objects.filter(act=MAIL_SETTLED.name, subject_type=OutgoingMail._meta.label_lower)
    waiting = mails_to_settle().order_by().values("pk")
    return OutgoingMail.objects.filter(Q(pk__in=waiting) | Q(pk__in=settled.values("subject_id")))


def mails_open_to(user: User, mails: QuerySet[OutgoingMail]) -> QuerySet[OutgoingMail]:
    """Return those of the mails that a person of the office may know of (rules 14 and 26).

    None for who takes part in a call that goes on: to whom a mail about a draft, a question or a representation goes tells of rivals,
    and it could be left unsent. An app says with ``closed_mails(person)`` in its permissions which are not: that a mail with a letter
    failed tells that there is one. Administrators who judge and decide nothing see all of these, so that somebody settles each; but for what an app keeps
    from everybody of the office with ``private_mails()`` (rule 23).
    """
    if takes_part_now(user):
        return mails.none()
    for module in modules_named("permissions"):
        if hasattr(module, "private_mails"):
            mails = mails.exclude(module.private_mails())
    if ADMINISTRATORS.includes(user) and not ASSESSORS.includes(user):
        return mails
    for module in modules_named("permissions"):
        if hasattr(module, "closed_mails"):
            mails = mails.exclude(module.closed_mails(user))
    return mails
