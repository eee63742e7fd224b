"""Addresses by which one person answers one notice by mail, and whether they still can (rule 43)."""

import re
import secrets
from datetime import datetime

from django.conf import settings

from correspondence.models import AnswerAddress, Conversation
from correspondence.permissions import answers_by_mail
from correspondence.queries import last_delivered
from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed
from hubportal.kernel.mailboxes import mailbox
from hubportal.kernel.one_time import secret_digest

# Mail servers change capitals, and an address has 64 signs before the @.
_SIGNS, _LENGTH = "abcdefghijklmnopqrstuvwxyz234567", 26
_ADDRESS = re.compile(rf"\+[{_SIGNS}]{{{_LENGTH}}}@", re.IGNORECASE)


def new_address(conversation: Conversation, reader: User, *, at: datetime) -> str:
    """Return an address by which this reader of the applicants answers by mail, within the act that tells them; empty where they cannot."""
    local, _at, domain = settings.ANSWERS_BY_MAIL_ADDRESS.rpartition("@")
    if not local or not answers_by_mail(reader):
        return ""
    secret = "".join(secrets.choice(_SIGNS) for _each in range(_LENGTH))
    AnswerAddress.objects.create(
        digest=secret_digest(secret),
        conversation=conversation,
        person=reader,
        mailbox=reader.mailbox,
        up_to=last_delivered(conversation),
        made_at=at,
    )
    return f"{local}+{secret}@{domain}"


def secret_of(recipient: str) -> str:
    """Return the secret in an address to which a mail was sent; of any other address, what no row has."""
    return recipient.rpartition("@")[0].partition("+")[2].lower()


def without_secrets(text: str) -> str:
    """Return a text without the secrets of addresses: the head of a quoted mail names one, and the other side reads it."""
    return _ADDRESS.sub("+…@", text)


def check_is_open(address: AnswerAddress, locked: User) -> None:
    """Check again, with the person locked, that they answer by this address. Raises ``NotAllowed``."""
    person = User.objects.get(pk=locked.pk)
    if not is_theirs(address, person, sender=person.email):
        raise NotAllowed("")


def is_theirs(address: AnswerAddress, person: User, *, sender: str) -> bool:
    """Tell whether this person answers by an address now, from the mailbox that the notice went to (rule 28)."""
    return (
        address.person_id == person.pk
        and person.is_active
        and address.mailbox == person.mailbox == mailbox(sender)
        and answers_by_mail(person)
    )
