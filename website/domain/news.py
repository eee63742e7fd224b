"""What is new in a region of which everybody may know: grants, organisations that became public, and open questions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils.text import slugify
from django.utils.translation import gettext as _

from hubportal.kernel.clock import AMSTERDAM
from hubportal.kernel.dates import day_in_words
from hubportal.kernel.money import euros
from mapping.agreement_queries import agreements_of
from mapping.cards import shown_card
from mapping.question_queries import public_questions_in
from organisations.queries import public_organisations_in
from regions.models import Region
from website.domain.grants import public_grants
from website.queries import grants_in


@dataclass(frozen=True)
class News:
    """Something that became public; ``key`` stays the same as long as it is public."""

    key: str
    title: str
    text: str
    region_slug: str
    at: datetime


def granted(region: Region, *, most: int | None = None) -> list[News]:
    """Return the latest grants, each at the beginning of the day on which it was decided."""
    return [
        News(
            key=f"grant/{each.reference}",
            title=_("Grant of %(amount)s for “%(title)s”")
            % {"amount": euros(each.amount), "title": each.title},
            text=_("The coalition %(coalition)s works on it from %(first)s to %(last)s.")
            % {
                "coalition": each.coalition,
                "first": day_in_words(each.starts_on),
                "last": day_in_words(each.ends_on),
            },
            region_slug=region.slug,
            at=datetime.combine(each.decided_on, time(), AMSTERDAM),
        )
        for each in public_grants(grants_in(region)[:most])
    ]


def published(region: Region, *, most: int | None = None) -> list[News]:
    """Return the organisations that became public, the latest first."""
    latest = list(
        public_organisations_in(region)
        .select_related("municipality")
        .order_by("-published_at", "-map_key")[:most]
    )
    agreed = agreements_of(each.pk for each in latest)
    shown = [(each, shown_card(each, agreed.get(each.pk)).card) for each in latest]
    return [
        News(
            # Not its key: that another row of its number took its place, tells who holds on to that number (rule 26).
            key=f"organisation/{each.published_at:%Y%m%d%H%M%S%f}/{slugify(card.name)}"[:200],
            title=_("%(name)s is on the map") % {"name": card.name},
            text=card.description,
            region_slug=region.slug,
            at=each.published_at,
        )
        for each, card in shown
        if each.published_at
    ]


def everything_public(region: Region, *, today: date, at: datetime) -> list[News]:
    """Return all that is public of a region, open questions too, each of which is told once to who follows it."""
    questions: Iterable[News] = (
        News(
            key=f"question/{each.pk}",
            title=_("You can have a say: %(question)s") % {"question": each.title},
            text="",
            region_slug=region.slug,
            at=at,
        )
        for each in public_questions_in(region, today=today)
    )
    return [*granted(region), *published(region), *questions]
