"""The form by which an application is withdrawn."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.forms import PlainTextField


class WithdrawForm(forms.Form):
    """Why what was submitted is withdrawn; nobody has to say."""

    reason = PlainTextField(
        label=_("Why do you withdraw it?"),
        required=False,
        max_length=1000,
        help_text=_(
            "Whoever manages the application reads this, and who assesses it. It is in no e-mail. For example: a partner "
            "stopped, or we apply together with another coalition."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
