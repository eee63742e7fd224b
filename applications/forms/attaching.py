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
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import visible

_OTHER = "other"


class FilesInput(forms.FileInput):
    """A box in which one can choose several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several; each is judged by itself, so that one that is refused keeps no other out."""

    def clean(self, data: Any, initial: Any = None) -> list["UploadedFile[Any]"]:
        """Return the files that were sent. Raises ``ValidationError`` where there is none."""
        sent = [each for each in (data if isinstance(data, list) else [data]) if each]
        if not sent:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return sent


class AttachmentForm(forms.Form):
    """PDFs to attach, and what they are where the call asks for attachments."""

    file = FilesField(label=_("PDF files"), widget=FilesInput(attrs={"accept": "application/pdf,.pdf"}))
    title = LineField(
        label=_("Name in the list"),
        max_length=150,
        required=False,
        help_text=_(
            "Leave empty to use the name of the file. Of several files each has its own name behind this one."
        ),
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
        self.fields["file"].help_text = _(
            "Only PDF, at most %(limit)s for one file. You can choose several at once."
        ) % {"limit": upload_limit()}

    def chosen_kind(self) -> str:
        """Return the key of a kind of the call, or nothing for anything else."""
        kind = str(self.cleaned_data.get("kind", ""))
        return "" if kind == _OTHER else kind

    def chosen_files(self) -> list[tuple[str, "UploadedFile[Any]"]]:
        """Return each file that was sent, with its title: what was typed, or the name of the file."""
        sent: list[UploadedFile[Any]] = self.cleaned_data["file"]
        typed = str(self.cleaned_data["title"])
        names = [visible(each.name or "") for each in sent]
        if typed:
            names = [f"{typed}: {each}" for each in names] if len(names) > 1 else [typed]
        return list(zip(names, sent, strict=True))


def check_size(file: "UploadedFile[Any]") -> None:
    """Raise ``RuleViolation`` for a file that is too large or empty, before any of it is read."""
    if not file.size:
        raise RuleViolation(_("This file is empty. Make it again and add the new one."), field="file")
    if file.size > settings.UPLOAD_LIMIT_BYTES:
        raise RuleViolation(
            _("This file is too large. A file can be at most %(limit)s.") % {"limit": upload_limit()},
            field="file",
        )
