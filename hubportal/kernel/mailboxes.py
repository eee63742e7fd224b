"""When two addresses belong to one mailbox (rule 28)."""

import re
import unicodedata

import idna
from django.core.mail.message import sanitize_address

_ESCAPED = re.compile(r"\\(.)")
# Signs that take no place on a screen: mail servers and people read past them.
# Last parts of names that no mail server elsewhere is asked for: of machines inside a network (RFC 6761, 6762 and 8375).
_INSIDE = frozenset(
    {
        "localhost",
        "localdomain",
        "local",
        "internal",
        "intranet",
        "lan",
        "home",
        "corp",
        "private",
        "arpa",
        "invalid",
    }
)
_UNSEEN_CATEGORIES = frozenset({"Cf", "Cc", "Zs"})


def mailbox(address: str) -> str:
    """Return the mailbox behind an address, in one canonical form; the widest meaning, for where people must differ.

    Unquoted and unescaped, in compatibility form (NFKC), case folded, without signs that do not show and without the
    part after a plus; the domain in its IDNA form.
    """
    local, _at, domain = address.strip().rpartition("@")
    # As long as the database keeps: without capitals, a few letters become two.
    return f"{_local(local)}@{_domain(domain)}"[:254]


class Undeliverable(ValueError):  # noqa: N818 -- it tells of an address
    """An address has a domain that no mail server can be asked for."""


def as_delivered(address: str) -> str:
    """Return an address as a mail server gets it: its domain in the very form by which mailboxes are compared.

    Older software reads other domains in some letters: it would deliver to a mailbox that passes for another one here
    (rule 28). Raises ``Undeliverable``, also for a name without a dot or an address in numbers: those are machines of a network
    inside, where no one who uses the portal has a mailbox; and for a name before the @ that is another one once it is sent, as an
    encoded word is (RFC 2047).
    """
    local, _at, domain = address.strip().rpartition("@")
    try:
        asked = domain.lower().rstrip(".") if domain.isascii() else _encoded(domain)
    except idna.IDNAError as unknown:
        raise Undeliverable(address) from unknown
    *before, last = asked.split(".")
    if asked.startswith("[") or not any(before) or last in _INSIDE:
        raise Undeliverable(address)
    written = f"{local}@{asked}"
    try:
        handed_over = sanitize_address(written, "utf-8")
    except (ValueError, LookupError) as unreadable:
        raise Undeliverable(address) from unreadable
    if mailbox(handed_over) != mailbox(written):
        raise Undeliverable(address)
    return written


def _local(local: str) -> str:
    shown = _folded(_unquoted(local))
    before, _plus, _after = shown.partition("+")
    # An address that begins with a plus has no other name.
    return before or shown


def _unquoted(local: str) -> str:
    if len(local) > 1 and local.startswith('"') and local.endswith('"'):
        return _ESCAPED.sub(r"\1", local[1:-1])
    return local


def _folded(text: str) -> str:
    """Return text as it compares: folded again after folding, which can make letters that fold once more."""
    return _seen(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()))


def _seen(text: str) -> str:
    return "".join(each for each in text if unicodedata.category(each) not in _UNSEEN_CATEGORIES)


def _domain(domain: str) -> str:
    try:
        return _encoded(domain)
    except idna.IDNAError:
        # No name that a mail can be sent to; it still compares with itself.
        return _folded(domain).rstrip(".")


def _encoded(domain: str) -> str:
    # Also without a dot at the end that only became one: a full-width or an ideographic one.
    return idna.encode(_seen(domain).rstrip("."), uts46=True).decode("ascii").rstrip(".")
