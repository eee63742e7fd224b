"""The PDF of a letter: the one place that says how a letter's words become a signed document."""

from datetime import datetime

from hubportal.documents.domain.glyphs import printable_words
from hubportal.documents.domain.pictures import qr_picture
from hubportal.documents.domain.rendering import render_pdf
from hubportal.documents.domain.signing import sign_pdf
from hubportal.mail.domain.composing import address_of
from letters.domain.structure import Content


def letter_pdf(content: Content, code: str, at: datetime) -> bytes:
    """Return the words of a letter, its days filled in, as tagged, archivable, signed PDF.

    ``content["noun"]`` is the reason of the signature; ``content["title"]``, where there is one, stands in
    the metadata in place of the subject.
    """
    link = address_of("documents:verify_code", code)
    verification = {
        "code": code,
        "address": address_of("documents:verify"),
        "link": link,
        "picture": qr_picture(link),
    }
    shown = printable_words(content)
    pdf = render_pdf(
        template="document.html",
        context={
            "content": {**shown, "verification": verification},
            "names_signs": repr(shown).count("[U+") > repr(content).count("[U+"),
        },
        title=shown.get("title") or shown["subject"],
        reference=content["reference"],
        created_at=at,
        publisher=content["sender"]["name"],
        code=code,
    )
    return sign_pdf(pdf, reason=content["noun"], at=at)
