"""From a template and its content to PDF/A-2a with PDF/UA-1."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from hubportal.documents.domain import conformance
from hubportal.documents.domain.bounded import SLOTS, made_in_a_fork
from hubportal.documents.domain.typesetting import ForbiddenResource, typeset
from hubportal.kernel.clock import AMSTERDAM

__all__ = ["ForbiddenResource", "render_pdf"]

# What people have in an application takes a few seconds, and less than half of the memory.
_BOUNDS = {"RLIMIT_DATA": 512 * 1024 * 1024, "RLIMIT_CPU": 30}
_MAX_SECONDS = 120
_NICE = 10


def render_pdf(
    *,
    template: str,
    context: Mapping[str, Any],
    title: str,
    reference: str,
    created_at: datetime,
    publisher: str = "Hubportaal",
    code: str = "",
    language: str = "nl",
    apart: bool = False,
) -> bytes:
    """Return a template of ``letters/`` as tagged PDF, ready to be signed; the same input, the same bytes.

    ``publisher`` and ``code`` (the verification code) go into the metadata only. Raises
    ``ForbiddenResource`` when the page asks for anything but a static file. With ``apart`` it is made in a process of its
    own, with little memory and time, one at a time on a machine: for what people may write without end. Raises ``TooBusy``
    and ``TooCostly`` then.
    """
    with translation.override(language):
        html = render_to_string(f"letters/{template}", {**context, "title": title, "language": language})
    local = created_at.astimezone(AMSTERDAM)
    imprint = conformance.Imprint(title, reference, publisher, code, language, local)

    folders = [Path(each).resolve() for each in settings.STATICFILES_DIRS]

    def make() -> bytes:
        return typeset(html, folders=folders, finish=lambda pdf: conformance.complete(pdf, imprint))

    if not apart:
        return make()
    return made_in_a_fork(make, slots=SLOTS["paper"], bounds=_BOUNDS, seconds=_MAX_SECONDS, nice=_NICE)
