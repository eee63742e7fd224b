"""Attaching a file (rule 24)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from calls.domain.attachment_kinds import AttachmentKind
from hubportal.documents.domain.uploads import upload_limit
from hubportal.forms import LineField
from hubportal.kernel.text import visible

_OTHER = "other"


class AttachmentForm(forms.Form):
    """A PDF to attach, and what it is where the call asks for attachments."""

    file = forms.FileField(
        label=_("PDF file"), widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"})
    )
    title = LineField(
        label=_("Name in the list"),
        max_length=150,
        required=False,
        help_text=_("Leave empty to use the name of the file."),
    )

    def __init__(self, *args: Any, kinds: Sequence[AttachmentKind] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kinds:
            asked = [(each.key, each.label) for each in kinds]
            self.fields["kind"] = forms.ChoiceField(
                label=_("What this file is"),
                choices=[("", _("Choose")), *asked, (_OTHER, _("Something else"))],
                error_messages={"required": _("Choose what this attachment is.")},
            )
            self.order_fields(["kind", "file", "title"])
        self.fields["file"].help_text = _("Only PDF, at most %(limit)s for one file.") % {
            "limit": upload_limit()
        }

    def clean_file(self) -> "UploadedFile[Any]":
        """Refuse a file that is too large before any of it is read."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_LIMIT_BYTES:
            raise forms.ValidationError(
                _("This file is too large. A file can be at most %(limit)s."),
                params={"limit": upload_limit()},
            )
        return file

    def chosen_kind(self) -> str:
        """Return the key of a kind of the call, or nothing for anything else."""
        kind = str(self.cleaned_data.get("kind", ""))
        return "" if kind == _OTHER else kind

    def chosen_title(self) -> str:
        """Return the title, or the name of the file."""
        return str(self.cleaned_data["title"] or visible(self.cleaned_data["file"].name or ""))
