"""The form by which anyone has a document verified."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from hubportal.documents.domain.uploads import upload_limit


class VerificationForm(forms.Form):
    """A code or a file."""

    sometimes_required: ClassVar = {"code", "file"}

    code = forms.CharField(
        label=_("Verification code"),
        help_text=_("It is at the end of the letter and looks like this: HP-7K2M-9QXT-4VNB."),
        max_length=60,
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    file = forms.FileField(
        label=_("PDF file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("A PDF of at most %(limit)s. We do not keep the file.") % {
            "limit": upload_limit()
        }

    def clean_file(self) -> "UploadedFile[Any] | None":
        """Refuse a file that is larger than any document of ours may be."""
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file and (file.size or 0) > settings.UPLOAD_LIMIT_BYTES:
            raise forms.ValidationError(
                _("This file is too large. A file can be at most %(limit)s."),
                params={"limit": upload_limit()},
            )
        return file

    def clean(self) -> dict[str, Any]:
        """Ask for one of both."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and bool(cleaned.get("code")) == (cleaned.get("file") is not None):
            raise forms.ValidationError(_("Enter a code or choose a file, not both."))
        return cleaned
