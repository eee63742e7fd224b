"""Amounts as pages show them."""

from decimal import Decimal

from django import template

from hubportal.kernel.money import euros as in_euros

register = template.Library()


@register.filter
def euros(amount: Decimal | None) -> str:
    """Return the amount in the reader's language, as ``€ 12.500,00``, or an empty string for ``None``."""
    return in_euros(amount) if amount is not None else ""
