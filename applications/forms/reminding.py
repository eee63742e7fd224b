"""The form by which somebody chooses reminders."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import ReminderKind


class RemindersForm(forms.Form):
    """Which reminders somebody wants."""

    wanted = forms.MultipleChoiceField(
        label=_("Which reminders do you want?"),
        choices=ReminderKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
