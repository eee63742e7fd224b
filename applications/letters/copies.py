"""The PDF of a copy: no letter of the portal, but what somebody wrote or agreed to, with what it is on each page."""

from collections.abc import Sequence
from datetime import datetime

from hubportal.documents.domain.glyphs import printable, printable_words
from hubportal.documents.domain.rendering import render_pdf
from letters.domain.structure import Content


def copy_pdf(
    *, reference: str, title: str, heading: str, mark: str, sections: Sequence[Content], at: datetime
) -> bytes:
    """Return a copy as tagged PDF; ``mark``: what it is, on each page. The same words, the same bytes.

    It is not sealed and has no verification code: it proves nothing. Raises ``TooBusy`` and ``TooCostly``.
    """
    return render_pdf(
        template="copy.html",
        context={
            "heading": printable(heading),
            "mark": printable(mark),
            "reference": reference,
            "sections": printable_words(list(sections)),
        },
        title=printable(title),
        reference=reference,
        created_at=at,
        # Of a draft: its texts have no maximum that anybody kept to.
        apart=True,
    )
