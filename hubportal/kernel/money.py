"""Amounts in euros: exact decimals with two places, read in Dutch and in English notation, written in the reader's."""

import re
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hubportal.kernel.errors import RuleViolation

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
# 12 digits in all, as the database keeps them.
HIGHEST = Decimal("9999999999.99")

_DUTCH = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,2}|-|--))?")
_PLAIN = re.compile(r"(\d+)\.(\d{1,2})")
_ENGLISH = re.compile(r"(\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?")
# Where one reads Dutch, a slip of the decimal comma rather than a thousand.
_SLIP = re.compile(r"\d+,\d{3}")


class NotAnAmount(RuleViolation):
    """What was typed cannot be read as an amount in euros."""


def parse_amount(typed: str) -> Decimal:
    """Return the amount that was typed in Dutch (``50.000,00``), in English (``50,000.00``) or plainly (``50000.00``).

    ``1.000`` is a thousand, as every Dutch reader means it; ``1,000`` is one on pages in English alone. Raises
    ``NotAnAmount`` for anything else, exponents, signs and more than two decimals among them.
    """
    text = re.sub(r"[\s\u00a0\u202f€]|EUR", "", typed)
    if dutch := _DUTCH.fullmatch(text):
        cents = (dutch[2] or "").strip("-")
        amount = Decimal(f"{dutch[1].replace('.', '')}.{cents or '0'}")
    elif plain := _PLAIN.fullmatch(text):
        amount = Decimal(f"{plain[1]}.{plain[2]}")
    elif (english := _ENGLISH.fullmatch(text)) and (_reads_english() or not _SLIP.fullmatch(text)):
        amount = Decimal(f"{english[1].replace(',', '')}.{english[2] or '0'}")
    else:
        raise NotAnAmount(_("Enter an amount in euros, for example 12,500.00."))
    if amount > HIGHEST:
        raise NotAnAmount(_("This amount is too large."))
    return amount.quantize(CENT)


def dutch_amount(amount: Decimal) -> str:
    """Return the amount as ``12.500,00``, without the euro sign, in every language of the screen."""
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def dutch_euros(amount: Decimal) -> str:
    """Return the amount as letters write it: ``€ 12.500,00`` with a space that does not break."""
    return f"€\u00a0{dutch_amount(amount)}"


def plain_amount(amount: Decimal) -> str:
    """Return the amount in the reader's language, without the euro sign: ``12.500,00`` or ``12,500.00``."""
    return f"{amount:,.2f}" if _reads_english() else dutch_amount(amount)


def euros(amount: Decimal) -> str:
    """Return the amount in the reader's language: ``€ 12.500,00`` or ``€12,500.00``."""
    return f"€{plain_amount(amount)}" if _reads_english() else dutch_euros(amount)


def dutch_hours(hours: Decimal) -> str:
    """Return a number of hours as ``1.250`` or ``12,5``: without zeros that say nothing, in every language of the screen."""
    return dutch_amount(hours).rstrip("0").rstrip(",")


def plain_hours(hours: Decimal) -> str:
    """Return a number of hours in the reader's language: ``12,5`` or ``12.5``."""
    return plain_amount(hours).rstrip("0").rstrip(",.")


def _reads_english() -> bool:
    return get_language() == "en"
