"""Attaching a file (rule 24)."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from hubportal.documents.domain.uploads import upload_limit
from hubportal.forms import LineField
from hubportal.kernel.text import visible


def check_size(file: "UploadedFile[Any]") -> "UploadedFile[Any]":
    """Return a file that was uploaded. Raises ``ValidationError`` for one that is too large."""
    if (file.size or 0) > settings.UPLOAD_LIMIT_BYTES:
        raise forms.ValidationError(
            _("This file is too large. A file can be at most %(limit)s."), params={"limit": upload_limit()}
        )
    return file


class AttachmentForm(forms.Form):
    """A PDF to attach."""

    file = forms.FileField(
        label=_("PDF file"), widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"})
    )
    title = LineField(
        label=_("Name in the list"),
        max_length=150,
        required=False,
        help_text=_("Leave empty to use the name of the file."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("Only PDF, at most %(limit)s for one file.") % {
            "limit": upload_limit()
        }

    def clean_file(self) -> "UploadedFile[Any]":
        """Refuse a file that is too large before any of it is read."""
        return check_size(self.cleaned_data["file"])

    def chosen_title(self) -> str:
        """Return the title, or the name of the file."""
        return str(self.cleaned_data["title"] or visible(self.cleaned_data["file"].name or ""))
