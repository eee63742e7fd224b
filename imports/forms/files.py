"""The form that takes a spreadsheet: a file, or cells that were pasted."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hubportal.documents.domain.uploads import upload_limit
from imports.domain.tables import within_limit

MAX_PASTED = 2_000_000


class FileForm(forms.Form):
    """A file, or pasted cells."""

    file = forms.FileField(
        label=_("File"), required=False, help_text=_("XLSX or CSV, with at most 10,000 rows and 10 MB.")
    )
    pasted = forms.CharField(
        label=_("Or paste cells here"),
        required=False,
        strip=False,
        max_length=MAX_PASTED,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "lang": "nl"}),
        help_text=_("Copy the cells in your spreadsheet, with their headings if there are any."),
    )

    def clean_file(self) -> Any:
        """Refuse a file that is larger than an upload may be."""
        file = self.cleaned_data["file"]
        if file is not None and file.size > 0 and not within_limit(file.size):
            raise forms.ValidationError(
                _("This file is too large. A file can be at most %(limit)s."),
                params={"limit": upload_limit()},
            )
        return file

    def clean(self) -> dict[str, Any]:
        """Ask for one of both."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        has_text = bool((cleaned.get("pasted") or "").strip())
        has_file = cleaned.get("file") is not None
        if not self.errors and has_text and has_file:
            raise forms.ValidationError(_("Choose a file or paste cells, not both."))
        if not self.errors and not has_text and not has_file:
            raise forms.ValidationError(_("Choose a file, or paste cells."))
        return cleaned

    @property
    def content(self) -> tuple[str, bytes]:
        """Return what the file is called, nothing for pasted cells, and what is in it."""
        file = self.cleaned_data["file"]
        return (file.name, file.read()) if file else ("", self.cleaned_data["pasted"].encode())
