"""A box for a number of hours."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.forms import typed_number
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.money import parse_amount, plain_hours

_NO_HOURS = _("Enter a number of hours, for example 12.5.")
_HIGHEST_HOURS = Decimal("999999.99")
# What people write behind a number of hours.
_HOURS = re.compile(r"(?:uur|uren|u|hours?|hrs?|h)\.?$", re.IGNORECASE)


class HoursField(forms.Field):
    """A number of hours, typed in Dutch or English notation; on an error it stays as it was typed."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Decimal | None:
        """Return the exact number, or nothing for an empty box."""
        typed = _HOURS.sub("", typed_number(value, _NO_HOURS)).rstrip()
        if not typed:
            return None
        try:
            hours = parse_amount(typed)
        except RuleViolation as refusal:
            raise forms.ValidationError(_NO_HOURS) from refusal
        if not 0 < hours <= _HIGHEST_HOURS:
            raise forms.ValidationError(_NO_HOURS)
        return hours

    def prepare_value(self, value: Any) -> Any:
        """Show stored hours in the reader's language, as ``12,5`` or ``12.5``."""
        return plain_hours(value) if isinstance(value, Decimal) else value
