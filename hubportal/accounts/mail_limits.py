"""How many mails anybody can have sent to any mailbox in a day: by one network, and by all of them together."""

from django.http import HttpRequest

from hubportal.kernel.canonical import digest
from hubportal.kernel.mailboxes import mailbox
from hubportal.visitors import asks_too_often, has_asked_enough, is_over

MOST_MAILS_BY_ONE_NETWORK = 8
MOST_MAILS = 30
# To all mailboxes together; of codes, which only who has an account gets, more may be asked.
MOST_MAILS_TO_ALL = 200
# Each page by which anybody has a mailbox mailed is counted apart: who asks at one of them until it mails no more keeps nobody out
# at another. Links to choose a new password that were mailed before still work, whoever asked for them.
SIGN_UPS, NEW_PASSWORDS, CODES, LINKS = (
    "account-signups",
    "account-passwords",
    "account-codes",
    "account-mails",
)
_DAY = 24 * 60 * 60


def counts_too_many(request: HttpRequest, email: str, what: str) -> bool:
    """Count a mail, and tell whether the mailbox, however it is spelled, was mailed as much today as anybody needs (rule 28)."""
    key = _key(email, what)
    by_one = asks_too_often(request, what=key, most=MOST_MAILS_BY_ONE_NETWORK, seconds=_DAY)
    to_all = what != CODES and asks_too_often(
        request, what="account-mails-to-all", most=MOST_MAILS_TO_ALL, seconds=_DAY
    )
    # Of a mailbox counts only what it is sent: what is kept back of one network keeps nobody else out.
    return by_one or to_all or is_over(key, MOST_MAILS, _DAY)


def is_mailed_enough(request: HttpRequest, email: str, what: str) -> bool:
    """Tell whether the next mail would be too many, without counting one."""
    return has_asked_enough(
        request, what=_key(email, what), by_one=MOST_MAILS_BY_ONE_NETWORK, most=MOST_MAILS
    )


def _key(email: str, what: str) -> str:
    return f"{what}:{digest(mailbox(email).encode())}"
