"""What is known of a mail beside its words: whether a program wrote it, and what the mail server found out about its sender."""

import re
from collections.abc import Iterator
from email.message import Message

from hubportal.mail.domain.received import LONGEST_FIELD, fields_of, sender_of, whole_fields_of

_LISTS = ("List-Id", "List-Post", "List-Unsubscribe", "X-Autoreply", "X-Autorespond")
_PRECEDENCES = frozenset({"bulk", "list", "junk", "auto_reply"})
_DAEMONS = frozenset({"mailer-daemon", "postmaster", "mail-daemon", "mdaemon"})
# A report of delivery or reading; the answer to an invitation.
_REPORTS = frozenset({"multipart/report", "message/disposition-notification", "message/delivery-status"})
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_RESULT = re.compile(r"\s*dmarc\s*(?:/\s*\d+\s*)?=\s*(\w+)", re.IGNORECASE)


def is_by_a_program(message: Message, *, envelope_sender: str) -> bool:
    """Tell whether nobody wrote this: an answer of who is away, a returned mail, a list. Answering it could go round for ever (RFC 3834)."""
    said = [each.partition(";")[0].strip().lower() for each in fields_of(message, "Auto-Submitted")]
    sender = sender_of(message).rpartition("@")[0].lower()
    return (
        envelope_sender in {"", "<>"}
        or any(each != "no" for each in said)
        or any(message[each] is not None for each in _LISTS)
        or any(each.lower() in _PRECEDENCES for each in fields_of(message, "Precedence"))
        or message.get_content_type() in _REPORTS
        or sender in _DAEMONS
    )


def is_disowned(message: Message, *, host: str) -> bool:
    """Tell whether our own mail server found that the domain of the sender disowns a mail (DMARC, RFC 7489 and 8601).

    Who sends a mail can write such a field too: only those of this host count, and one that fails is enough. Without a host
    nobody is asked.
    """
    return any(each == "fail" for each in _results(message, host)) if host else False


def _results(message: Message, host: str) -> Iterator[str]:
    for said in whole_fields_of(message, "Authentication-Results"):
        if len(said) > LONGEST_FIELD:
            # Too long to take apart, which its sender can bring about: no reason to believe them.
            if host.lower() in said[:LONGEST_FIELD].lower():
                yield "fail"
            continue
        server, _semicolon, results = _COMMENT.sub(" ", said).partition(";")
        # A version may stand behind the name.
        if server.lower().split()[:1] != [host.lower()]:
            continue
        for each in results.split(";"):
            if found := _RESULT.match(each):
                yield found[1].lower()
