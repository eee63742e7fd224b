"""The form of the text of a regional picture."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from hubportal.forms import PlainTextField
from hubportal.versions.forms import VersionedForm
from pictures.models import RegionalText


class RegionalTextForm(VersionedForm):
    """What a kwartiermaker writes beside the pictures of a region."""

    text = PlainTextField(
        label=_("Text"),
        required=False,
        max_length=20_000,
        is_printed=True,
        help_text=_(
            "What do the pictures say of your region, and what do you make of it? An empty line begins a paragraph. Name no people."
        ),
    )
    sources = PlainTextField(
        label=_("Sources"),
        required=False,
        max_length=5000,
        is_printed=True,
        help_text=_("Where you have it from: one source on each line."),
    )


def content_of(written: RegionalText) -> dict[str, Any]:
    """Return what is written, as the form reads it."""
    return {"text": written.text, "sources": written.sources}
