"""What somebody says when they ask for a dossier, and what is decided about it (rules 24 and 33)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms.attaching import check_size
from hubportal.documents.domain.uploads import upload_limit
from hubportal.forms import LineField, PlainTextField, ShownForm
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import visible
from regions.queries import all_regions
from takeovers.domain.asking import LONGEST_TEXT, Proof


class AskForm(forms.Form):
    """Which dossier somebody asks for, and why."""

    region = forms.ModelChoiceField(
        label=_("In which region is the application?"), queryset=all_regions(), empty_label=_("Choose")
    )
    text = PlainTextField(
        label=_("Who are you, and why can the account holder not do it?"),
        max_length=LONGEST_TEXT,
        help_text=_(
            "What is your work at the organisation, who had the account, and since when can nobody reach them? Name somebody whom we can call at the organisation."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    file = forms.FileField(
        label=_("Proof, as a PDF file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "For example a letter of your board, or an extract of the register. No copy of an identity document. Only PDF, at most %(limit)s."
        ) % {"limit": upload_limit()}

    def clean_file(self) -> Any:
        """Refuse a file that is too large before any of it is read."""
        file = self.cleaned_data["file"]
        try:
            if file:
                check_size(file)
        except RuleViolation as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return file or None

    def proof(self) -> Proof:
        """Return what was typed and shown, for the domain."""
        file = self.cleaned_data["file"]
        text = self.cleaned_data["text"]
        return Proof(text, visible(file.name or ""), file.read()) if file else Proof(text)


class GrantForm(ShownForm):
    """Why the office gives somebody the dossier."""

    reason = LineField(
        label=_("Why do you grant this?"),
        max_length=500,
        is_printed=False,
        help_text=_(
            "What proves that this person may have it? For example: I called the organisation at the number in the register. Only the office reads this."
        ),
    )


class RefuseForm(ShownForm):
    """Why the office does not, and what who asked reads."""

    reason = LineField(
        label=_("Why do you refuse this?"),
        max_length=500,
        is_printed=False,
        help_text=_("Only the office reads this."),
    )
    answer = LineField(
        label=_("What else do you tell the person?"),
        max_length=500,
        required=False,
        is_printed=False,
        help_text=_(
            "This stands in the e-mail. Do not say whether there is an application, nor who is in it."
        ),
    )


class UndoForm(forms.Form):
    """Why what was granted is undone."""

    reason = LineField(
        label=_("Reason"),
        max_length=500,
        is_printed=False,
        help_text=_(
            "For example: I am here again. Everybody with a role reads this, and the person who was given it."
        ),
    )
