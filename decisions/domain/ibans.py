"""What an IBAN is, and how little of it is shown."""

import re

from django.utils.translation import gettext_lazy as _
from stdnum import iban
from stdnum.exceptions import InvalidChecksum, ValidationError

from hubportal.kernel.errors import RuleViolation

_SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+")
_DUTCH_LENGTH = 18


def normal_iban(typed: str) -> str:
    """Return an IBAN in capitals without spaces, from any country.

    Raises ``RuleViolation`` with what is wrong with it.
    """
    number = "".join(typed.split()).upper()
    if not _SHAPE.fullmatch(number):
        raise RuleViolation(
            _("This is not an IBAN. Enter it as your bank writes it, for example NL91 ABNA 0417 1643 00.")
        )
    if number.startswith("NL") and len(number) != _DUTCH_LENGTH:
        raise RuleViolation(_("This IBAN is too short or too long. A Dutch IBAN has 18 characters."))
    try:
        # Without the lists of banks of some countries, which lack the newest.
        return iban.validate(number, check_country=False)
    except InvalidChecksum as error:
        raise RuleViolation(
            _(
                "This IBAN is not right: a digit or letter differs. Compare it with your bank card or statement."
            )
        ) from error
    except ValidationError as error:
        raise RuleViolation(
            _("This IBAN does not fit its country. Compare its first two letters and its length.")
        ) from error


def masked(number: str) -> str:
    """Return an IBAN with only its country and its last four characters, for mails."""
    return f"{number[:2]}.. {number[-4:]}"
