"""Names that are no adverts: they end up in mails to people who never asked for one (rule 33), and addresses that get mail."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hubportal.kernel.mailboxes import Undeliverable, as_delivered

# Every repetition has an end: a pattern that looks from each sign to the end of the text takes the square of its length.
# An encoded word becomes other words in the subject of a mail (RFC 2047).
_LINK = re.compile(
    r"=\?|://|\bwww\.|\S@[^\s@.]{1,63}\.\w|\b[a-z]{3,30}:\S{0,200}[./]|\b[\w-]{2,63}\.[a-z]{2,63}/",
    re.IGNORECASE,
)
# As in "spam.example", not "Th. A.", "B.V.", "mr.dr." or "Dr.Jansen"; some endings are read as one in capitals too.
_NO_ENDING = r"(?!(?:dr|drs|mr|ir|ing|prof|van|den|der|ten|ter|bv|nv)\b)"
_DOMAIN = re.compile(
    rf"\b[\w-]{{2,63}}\.{_NO_ENDING}(?:[a-z]{{2,63}}|(?i:nl|com|net|org|eu|be|de|info|biz|app|io|ru|cn|shop|top))\b"
)
# What stands between first name and surname; "de" and "la" are endings of domains too.
_BETWEEN = frozenset(
    {
        "de",
        "den",
        "der",
        "van",
        "von",
        "vom",
        "ten",
        "ter",
        "te",
        "het",
        "la",
        "le",
        "el",
        "al",
        "da",
        "di",
        "du",
    }
)
# What is longer is no name, and its field refuses it for that.
_LONGEST = 1000
# No name of a person has them; a telephone number does, and so does a sentence that calls out.
_CALLS_OUT = re.compile(r"[\d!?:;]|\b(?:programmabureau|hubportaal|helpdesk|klantenservice)\b", re.IGNORECASE)
_AROUND_A_DOT = re.compile(r"(?<=[\w-])\.(?=\w{2})")


def refuse_link(name: str) -> None:
    """Refuse an address of a page or a mailbox in the name of an organisation; ``Buurt.nu`` may be a name.

    Raises ``ValidationError``.
    """
    if len(name) <= _LONGEST and _LINK.search(name):
        raise ValidationError(_("Leave out web addresses and e-mail addresses: write the name only."))


def refuse_address(name: str) -> None:
    """Refuse what reads as an address of a page or a mailbox in the name of a person. Raises ``ValidationError``."""
    if len(name) > _LONGEST:
        return
    if _LINK.search(name) or any(not _is_in_a_name(each) for each in _DOMAIN.finditer(name)):
        raise ValidationError(_("Leave out web addresses and e-mail addresses: write the name only."))


def refuse_slogan(name: str) -> None:
    """Refuse a telephone number, a sentence that calls out, and the name of the office, as the name of a person. Raises ``ValidationError``."""
    if _CALLS_OUT.search(name):
        raise ValidationError(
            _("Write the name of a person only, without digits and without the signs ! ? : ;")
        )


def _is_in_a_name(dotted: re.Match[str]) -> bool:
    """Tell whether what reads as a domain is a first name or initials before the rest of a name: ``Jan.de Vries``.

    The first name has a capital, and so has the surname that ends it all.
    """
    first, _dot, between = dotted[0].partition(".")
    rest = dotted.string[dotted.end() :].split(" ")
    surname = [each for each in rest[1:] if each not in _BETWEEN]
    return (
        first[0].isupper()
        and between in _BETWEEN
        and rest[0] == ""
        and 1 <= len(surname) <= 2
        and all(each[:1].isupper() for each in surname)
    )


def without_links(words: str) -> str:
    """Return words that somebody typed, for a mail to somebody else: no program makes a link of any part."""
    # A word joiner is not seen, and ends what programs take for an address.
    apart = words.replace("://", ":\u2060//").replace("@", "@\u2060").replace("=?", "=\u2060?")
    return _AROUND_A_DOT.sub(".\u2060", apart)


def refuse_undeliverable(address: str) -> None:
    """Raise ``ValidationError`` for an e-mail address at which no mail server can be asked for that very mailbox (rule 28)."""
    try:
        as_delivered(address)
    except Undeliverable as unknown:
        raise ValidationError(
            _("We cannot send e-mail to this address. Check how it is written."), code="invalid"
        ) from unknown
