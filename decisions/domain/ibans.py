"""What an IBAN is, and how little of it is shown."""

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from stdnum import iban
from stdnum.exceptions import InvalidChecksum, ValidationError

from hubportal.kernel.errors import RuleViolation

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# As long as the shortest and the longest of any country, and as the database keeps it.
_SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
# How people write between the groups.
_BETWEEN = re.compile(r"[\s.\-]")
_DUTCH_LENGTH = 18


def normal_iban(typed: str) -> str:
    """Return an IBAN in capitals without spaces, from any country.

    Raises ``RuleViolation`` with what is wrong with it.
    """
    number = _BETWEEN.sub("", typed).upper()
    if re.match("NL[0-9]{2}", number) and len(number) != _DUTCH_LENGTH:
        raise _refused(_("This IBAN is too short or too long. A Dutch IBAN has 18 characters."))
    if not _SHAPE.fullmatch(number):
        raise _refused(
            _("This is not an IBAN. Enter it as your bank writes it, for example NL91 ABNA 0417 1643 00.")
        )
    try:
        # Without the lists of banks of some countries, which lack the newest.
        return iban.validate(number, check_country=False)
    except InvalidChecksum as error:
        raise _refused(
            _(
                "This IBAN is not right: a digit or letter differs. Compare it with your bank card or statement."
            )
        ) from error
    except ValidationError as error:
        raise _refused(
            _("This IBAN does not fit its country. Compare its first two letters and its length.")
        ) from error


def in_groups(number: str) -> str:
    """Return an IBAN in groups of four, as banks write it."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def masked(number: str) -> str:
    """Return an IBAN with only its country and its last four characters, for lists and mails."""
    return f"{number[:2]}.. {number[-4:]}"


def _refused(sentence: "_StrPromise") -> RuleViolation:
    return RuleViolation(sentence, field="iban")
