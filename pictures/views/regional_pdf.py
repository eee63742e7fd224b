"""A regional picture as PDF: the text of the kwartiermaker, and the pictures with their tables."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from hubportal.documents.domain.glyphs import printable, printable_words
from hubportal.documents.domain.rendering import render_pdf
from hubportal.kernel.clock import local_date
from hubportal.kernel.dates import day_in_words
from pictures.domain.drawn_networks import DrawnNetwork, Stroke
from pictures.domain.regional_pictures import MadePdf
from pictures.enums import Readers
from pictures.models import RegionalPicture
from pictures.queries import public_cards_in, public_questions
from pictures.regional_queries import told_now
from pictures.views import network, questions, white_spots
from pictures.views.answers import drawing_of
from pictures.views.made import Made

_TAGS = re.compile(r"(<[^<>]*>)")
# Always in Dutch, as letters are.
_LANGUAGE = "nl"


@dataclass(frozen=True)
class _Part:
    """One picture as the document shows it; nothing to see is said."""

    title: str
    told: list[str]
    drawing: str
    # Of a network, a sample of each kind of line.
    samples: list[tuple[Stroke, str]]
    headings: list[str]
    lines: list[list[str]]
    notes: list[str]
    # How many columns at the end hold numbers.
    numbers: int
    empty: str


def regional_pdf(picture: RegionalPicture, at: datetime) -> MadePdf:
    """Return a regional picture with the facts of a moment; the same facts, the same bytes."""
    # Before and after, as drawing it takes seconds: what was withdrawn meanwhile may stand in it.
    told = told_now(picture.region)
    with translation.override(_LANGUAGE):
        pdf = render_pdf(
            template="regional_picture.html",
            context=_context(picture, at),
            title=_title(picture),
            reference=picture.region.slug,
            created_at=at,
            language=_LANGUAGE,
        )
    if picture.readers == Readers.REGION:
        return MadePdf(pdf)
    organisations = [each.map_key for each, _card in public_cards_in(picture.region)]
    asked = public_questions(picture.region, today=local_date(at)).values_list("pk", flat=True)
    return MadePdf(pdf, organisations, list(asked), told | told_now(picture.region))


def _title(picture: RegionalPicture) -> str:
    return printable(_("Regional picture of %(region)s") % {"region": picture.region.name})


def _context(picture: RegionalPicture, at: datetime) -> dict[str, object]:
    return {
        "heading": _title(picture),
        "region": printable(picture.region.name),
        "day": day_in_words(local_date(at)),
        "is_public": picture.readers == Readers.EVERYBODY,
        "paragraphs": [printable(each) for each in picture.paragraphs],
        "sources": [printable(each) for each in picture.source_lines],
        "parts": [_part(each) for each in _made(picture, at)],
    }


def _made(picture: RegionalPicture, at: datetime) -> list[Made]:
    region, today = picture.region, local_date(at)
    if picture.readers == Readers.EVERYBODY:
        return [
            white_spots.of_public(region),
            questions.of_public(region, today=today),
            network.of_public(region),
        ]
    everything = QueryDict()
    return [
        white_spots.of_map(region, everything),
        questions.of_map(region, everything, today=today),
        network.of_map(region, everything, today=today),
    ]


def _printable_drawing(drawing: str) -> str:
    """Return a drawing with its words as documents show them: apart from its tags, or an accent would become part of one."""
    return "".join(printable(each) for each in _TAGS.split(drawing))


def _part(made: Made) -> _Part:
    picture = made.picture
    headings, lines = printable_words(list(picture.headings)), printable_words(picture.lines)
    return _Part(
        title=printable(picture.title),
        told=list(picture.told),
        drawing=_printable_drawing(drawing_of(made)),
        samples=list(made.drawing.samples) if isinstance(made.drawing, DrawnNetwork) else [],
        headings=headings,
        lines=lines,
        notes=list(picture.notes),
        numbers=0 if made.shape == "network" else len(headings) - 1,
        empty=made.empty,
    )
