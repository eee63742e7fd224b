"""What nobody of the office may know of."""

from django.db.models import Q

from website.following_queries import MAIL_KINDS


def private_mails() -> Q:
    """Return the condition of mails that nobody of the office may know of, administrators included: who follows which region."""
    return Q(kind__in=MAIL_KINDS)
