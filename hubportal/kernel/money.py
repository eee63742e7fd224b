"""Amounts in euros: exact decimals with two places, read and written the Dutch way."""

import re
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from hubportal.kernel.errors import RuleViolation

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
# 12 digits in all, as the database keeps them.
HIGHEST = Decimal("9999999999.99")

_DUTCH = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,2}|-|--))?")
_PLAIN = re.compile(r"(\d+)\.(\d{1,2})")


class NotAnAmount(RuleViolation):
    """What was typed cannot be read as an amount in euros."""


def parse_amount(typed: str) -> Decimal:
    """Return the amount that was typed in Dutch notation (``50.000,00``) or plainly (``50000.00``).

    ``1.000`` is a thousand, as every Dutch reader means it. Raises ``NotAnAmount`` for anything else,
    exponents, signs and more than two decimals among them.
    """
    text = re.sub(r"[\s\u00a0\u202f€]|EUR", "", typed)
    if dutch := _DUTCH.fullmatch(text):
        cents = (dutch[2] or "").strip("-")
        amount = Decimal(f"{dutch[1].replace('.', '')}.{cents or '0'}")
    elif plain := _PLAIN.fullmatch(text):
        amount = Decimal(f"{plain[1]}.{plain[2]}")
    else:
        raise NotAnAmount(_("Enter an amount in euros, for example 12.500,00."))
    if amount > HIGHEST:
        raise NotAnAmount(_("This amount is too large."))
    return amount.quantize(CENT)


def dutch_amount(amount: Decimal) -> str:
    """Return the amount as ``12.500,00``, without the euro sign."""
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def euros(amount: Decimal) -> str:
    """Return the amount as ``€ 12.500,00`` with a space that does not break."""
    return f"€\u00a0{dutch_amount(amount)}"
