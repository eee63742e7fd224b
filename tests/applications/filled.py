"""Forms as people fill them in: the empty form of a call with text below its questions."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from docx.document import Document as Opened

from calls.letters.empty_form import empty_form
from calls.models import Call
from calls.queries import calls_with_parts
from tests.factories.moments import AT

ROOM = "Uw antwoord:"
Change = Callable[[Opened], None]


def empty(call: Call) -> Opened:
    """Return the empty form of a call, opened."""
    return Document(BytesIO(empty_form(calls_with_parts().get(pk=call.pk), "docx", AT)))


def below(document: Opened, title: str) -> Any:
    """Return the empty paragraph below the question of a section."""
    paragraphs = document.paragraphs
    start = next(place for place, each in enumerate(paragraphs) if each.text == title)
    return next(
        paragraphs[place + 1]
        for place in range(start, len(paragraphs))
        if paragraphs[place].text.startswith(ROOM)
    )


def saved(document: Opened) -> bytes:
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def filled(call: Call, answers: Mapping[str, str], *, change: Change | None = None) -> bytes:
    """Return the form of a call with answers by key of section, each line a paragraph."""
    document = empty(call)
    for key, answer in answers.items():
        place = below(document, call.sections.get(key=key).title)
        for line in answer.split("\n"):
            place.insert_paragraph_before(line)
    if change is not None:
        change(document)
    return saved(document)


def upload(content: bytes, name: str = "formulier.docx") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content)}


def page_of(case: Any) -> str:
    return reverse("applications:filled_form", args=[case.reference])


def taking(case: Any) -> str:
    return reverse("applications:take_over_form", args=[case.reference])
