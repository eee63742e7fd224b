"""A draft as PDF, in Dutch: what assessors would read, marked on each page as not submitted (rule 13)."""

import json
from decimal import Decimal
from typing import Any

from applications.letters import parts
from applications.letters.copies import copy_pdf
from applications.models import DraftCopy
from hubportal.kernel.dates import dutch_moment
from hubportal.kernel.money import dutch_euros
from letters.domain.structure import Content, section


def draft_copy_pdf(copy: DraftCopy) -> bytes:
    """Return the PDF of a copy that waits, of the moment that it was asked; the same copy, the same bytes."""
    content = json.loads(bytes(copy.content))
    reference = copy.application.reference
    return copy_pdf(
        reference=reference,
        title=f"Concept {reference}, niet ingediend",
        heading=content["title"] or f"Aanvraag voor {content['region']['name']}",
        mark=f"Concept, niet ingediend. Zo stond het er op {dutch_moment(copy.asked_at)}",
        sections=_sections(content),
        at=copy.asked_at,
    )


def _sections(content: dict[str, Any]) -> list[Content]:
    requested = Decimal(content["requested_amount"])
    return [
        section(
            paragraphs=[
                "Dit is een afdruk van een concept. De aanvraag is niet ingediend, en aan deze afdruk kan niemand rechten "
                "ontlenen. U ziet wat de beoordelaars zouden lezen als het zo werd ingediend."
            ],
            rows=[
                ["Subsidieoproep", content["call"]["title"]],
                ["Regio", content["region"]["name"]],
                ["Coalitie", content["coalition"]],
                *_leader(content["project_leader"]),
                ["Gevraagd bedrag", dutch_euros(requested)],
            ],
        ),
        parts.project(content),
        parts.organisations(content),
        *parts.texts(content, with_questions=True),
        parts.budget(
            content["budget"], requested, heading="Begroting", total_label="Totaal, het gevraagde bedrag"
        ),
        parts.attachments(content, none="Er zijn nog geen bijlagen."),
    ]


def _leader(leader: dict[str, str] | None) -> list[list[str]]:
    if leader is None:
        return []
    named = ", ".join(each for each in (leader["name"], leader["organisation"]) if each)
    return [["Projectleider", named or parts.NOTHING_YET]]
