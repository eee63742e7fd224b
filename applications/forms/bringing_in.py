"""Bringing in a form that was filled in outside the portal, and choosing what of it is taken over."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from applications.forms.attaching import check_size
from applications.forms.writing import SectionForm
from calls.models import SectionSpec
from hubportal.documents.domain.uploads import upload_limit
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.languages import dutch, filled_in

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class FilledFormForm(forms.Form):
    """The file of a form that was filled in."""

    file = forms.FileField(
        label=_("The form that you filled in"),
        # An empty one has its own sentence.
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": f".docx,{WORD}"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("A Word document (.docx) of at most %(limit)s.") % {
            "limit": upload_limit()
        }

    def clean_file(self) -> "UploadedFile[Any]":
        """Refuse a file that is empty or too large, unread."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            check_size(file)
        except RuleViolation as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return file


class FoundSectionForm(SectionForm):
    """The text that was found for one section, and whether it is taken over; with the key of the section before its names."""

    is_taken = forms.BooleanField(required=False)

    @property
    def typed(self) -> dict[str, Any]:
        """Return the text alone: the tick is not saved."""
        return {"text": self.cleaned_data["text"]}

    @property
    def is_chosen(self) -> bool:
        """Tell whether it was ticked, or one of the buttons pressed that choose between two versions."""
        return bool(self.cleaned_data.get("is_taken") or self.is_over or self.together is not None)

    def ask(self, spec: SectionSpec) -> None:
        """Ask the question of the section, and whether its text is taken over."""
        super().ask(spec)
        label = filled_in(_("Take over in “%(title)s”"), title=dutch(spec.title))
        self.fields["is_taken"].label = self["is_taken"].label = label
