"""Names that are no adverts: they end up in mails to people who never asked for one (rule 33)."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_LINK = re.compile(r"://|\bwww\.|\S@\S+\.\w|\b[a-z]{3,}:\S*[./]|\b[\w-]{2,}\.[a-z]{2,}/", re.IGNORECASE)
# As in "spam.example", not "Th. A.", "B.V.", "mr.dr." or "Dr.Jansen"; some endings are read as one in capitals too.
_NO_ENDING = r"(?!(?:dr|drs|mr|ir|ing|prof|van|den|der|ten|ter|bv|nv)\b)"
_DOMAIN = re.compile(
    rf"\b[\w-]{{2,}}\.{_NO_ENDING}(?:[a-z]{{2,}}|(?i:nl|com|net|org|eu|be|de|info|biz|app|io|ru|cn|shop|top))\b"
)
_AROUND_A_DOT = re.compile(r"(?<=[\w-])\.(?=\w{2})")


def refuse_link(name: str) -> None:
    """Refuse an address of a page or a mailbox in the name of an organisation; ``Buurt.nu`` may be a name.

    Raises ``ValidationError``.
    """
    if _LINK.search(name):
        raise ValidationError(_("Leave out web addresses and e-mail addresses: write the name only."))


def refuse_address(name: str) -> None:
    """Refuse what reads as an address of a page or a mailbox in the name of a person. Raises ``ValidationError``."""
    if _LINK.search(name) or _DOMAIN.search(name):
        raise ValidationError(_("Leave out web addresses and e-mail addresses: write the name only."))


def without_links(words: str) -> str:
    """Return words that somebody typed, for a mail to somebody else: no program makes a link of any part."""
    # A word joiner is not seen, and ends what programs take for an address.
    return _AROUND_A_DOT.sub(".\u2060", words.replace("://", ":\u2060//").replace("@", "@\u2060"))
