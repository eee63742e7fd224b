"""What somebody writes in the demo's mailbox."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.forms import PlainTextField


class AnswerForm(forms.Form):
    """An answer to a mail, perhaps with a file."""

    text = PlainTextField(label=_("Your answer"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}))
    file = forms.FileField(label=_("File"), required=False)
