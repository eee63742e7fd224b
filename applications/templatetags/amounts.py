"""Amounts as pages show them."""

from decimal import Decimal

from django import template

from hubportal.kernel.money import euros as in_euros
from hubportal.kernel.money import plain_hours

register = template.Library()


@register.filter
def euros(amount: Decimal | None) -> str:
    """Return the amount in the reader's language, as ``€ 12.500,00``, or an empty string for ``None``."""
    return in_euros(amount) if amount is not None else ""


@register.filter
def hours(number: Decimal | None) -> str:
    """Return a number of hours in the reader's language, as ``12,5``, or an empty string for ``None``."""
    return plain_hours(number) if number is not None else ""
