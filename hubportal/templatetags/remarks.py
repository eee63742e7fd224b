"""What is said at a field about a text that is kept all the same."""

from django.forms import BoundField
from django.template import Library

from hubportal.forms import PlainTextField

register = Library()


@register.filter
def remark(field: BoundField) -> str:
    """Return a sentence about signs in what the field shows that letters cannot show; empty without any (rule 33)."""
    return field.field.remark(field.value()) if isinstance(field.field, PlainTextField) else ""
