"""What somebody writes to the other side, perhaps with a file (rules 24 and 33)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms.attaching import check_size
from correspondence.domain.writing import LONGEST_SUBJECT, LONGEST_TEXT
from hubportal.documents.domain.uploads import upload_limit
from hubportal.forms import LineField, PlainTextField, ShownForm
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import visible


class MessageForm(ShownForm):
    """A message in a conversation, and what the page showed of it."""

    text = PlainTextField(
        label=_("Your message"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 8})
    )
    file = forms.FileField(
        label=_("PDF file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("Only PDF, at most %(limit)s for one file.") % {
            "limit": upload_limit()
        }

    def clean_file(self) -> Any:
        """Refuse a file that is too large before any of it is read."""
        file = self.cleaned_data["file"]
        try:
            if file:
                check_size(file)
        except RuleViolation as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return file or None

    @property
    def file_title(self) -> str:
        """Return the name of the file."""
        return visible(self.cleaned_data["file"].name or "")


class FirstMessageForm(MessageForm):
    """A first message, with what it is about."""

    field_order = ("subject", "text", "file")

    subject = LineField(label=_("Subject"), max_length=LONGEST_SUBJECT, is_printed=False)
