"""Forms of retention."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.forms import LineField


class TakeBackForm(forms.Form):
    """Why data are not destroyed now."""

    reason = LineField(
        label=_("Reason"),
        max_length=500,
        is_printed=False,
        help_text=_("For example: there is an objection. It stays in the report."),
    )
