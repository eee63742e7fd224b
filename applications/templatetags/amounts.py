"""How a page writes an amount."""

from decimal import Decimal

from django import template

from hubportal.kernel.money import euros as in_euros

register = template.Library()


@register.filter
def euros(amount: Decimal | None) -> str:
    """Return the amount as ``€ 12.500,00``, and nothing for nothing."""
    return in_euros(amount) if amount is not None else ""
