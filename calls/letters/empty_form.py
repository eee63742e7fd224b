"""An empty form as a file: tagged PDF, or DOCX with real headings."""

from datetime import datetime

from calls.domain.form_words import LANGUAGE, parts_of, title_of
from calls.enums import FormKind
from calls.letters.word import word_of
from calls.models import Call
from hubportal.documents.domain.rendering import render_pdf


def empty_form(call: Call, kind: str, at: datetime) -> bytes:
    """Return the empty form of a call, read with its parts, as a file of a kind."""
    title, parts = title_of(call), parts_of(call)
    if kind == FormKind.DOCX:
        return word_of(title, parts, made_at=at)
    return render_pdf(
        template="empty_form.html",
        context={"heading": title, "parts": parts, "reference": call.reference_prefix},
        title=title,
        reference=call.reference_prefix,
        created_at=at,
        language=LANGUAGE,
    )
