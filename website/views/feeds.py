"""What is new in a region, for feed readers."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.text import slugify
from django.utils.translation import gettext as _

from hubportal.kernel.clock import AMSTERDAM
from hubportal.kernel.dates import day_in_words
from hubportal.kernel.money import euros
from mapping.agreement_queries import agreements_of
from mapping.cards import shown_card
from organisations.queries import public_organisations_in
from regions.models import Region
from regions.queries import all_regions
from website.domain.grants import public_grants
from website.queries import grants_in

NEWS_SHOWN = 30


@dataclass(frozen=True)
class News:
    """Something that became public; ``key`` stays the same as long as it is public."""

    key: str
    title: str
    text: str
    address: str
    at: datetime


# Django knows the parameters of its classes only while types are checked.
if TYPE_CHECKING:
    _Feed = Feed[News, Region]
else:
    _Feed = Feed


class RegionFeed(_Feed):
    """The latest of a region that everybody may know: grants, and organisations that became public (rules 22 and 23)."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, slug: str) -> Region:
        """Return the region; 404 for what is none."""
        return get_object_or_404(all_regions(), slug=slug)

    def title(self, region: Region) -> str:
        """Return the name of the feed."""
        return f"{region.name} | Hubportaal"

    def subtitle(self, region: Region) -> str:
        """Return what the feed tells."""
        return _("Organisations and grants in the region %(region)s") % {"region": region.name}

    def link(self, region: Region) -> str:
        """Return the address of the region's page."""
        return _whole(reverse("website:region", args=[region.slug]))

    def feed_url(self, region: Region) -> str:
        """Return the address of the feed itself."""
        return _whole(reverse("website:region_feed", args=[region.slug]))

    def items(self, region: Region) -> list[News]:
        """Return the latest news, the latest first."""
        found = [*_granted(region), *_published(region)]
        return sorted(found, key=lambda each: (each.at, each.key), reverse=True)[:NEWS_SHOWN]

    def item_title(self, item: News) -> str:
        """Return what happened."""
        return item.title

    def item_description(self, item: News) -> str:
        """Return what else is public of it, as HTML: what somebody typed stays text."""
        return linebreaks(item.text, autoescape=True)

    def item_guid(self, item: News) -> str:
        """Return what stays the same of it."""
        return f"tag:{urlsplit(settings.PUBLIC_ADDRESS).hostname},2024:{item.key}"

    def item_link(self, item: News) -> str:
        """Return where one reads on."""
        return item.address

    def item_updateddate(self, item: News) -> datetime:
        """Return since when it is so."""
        return item.at


def _whole(path: str) -> str:
    return f"{settings.PUBLIC_ADDRESS}{path}"


def _granted(region: Region) -> list[News]:
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
            address=_whole(reverse("website:region", args=[region.slug])),
            at=datetime.combine(each.decided_on, time(), AMSTERDAM),
        )
        for each in public_grants(grants_in(region)[:NEWS_SHOWN])
    ]


def _published(region: Region) -> list[News]:
    latest = list(
        public_organisations_in(region)
        .select_related("municipality")
        .order_by("-published_at", "-map_key")[:NEWS_SHOWN]
    )
    agreed = agreements_of(each.pk for each in latest)
    shown = [(each, shown_card(each, agreed.get(each.pk)).card) for each in latest]
    address = _whole(reverse("website:region", args=[region.slug]))
    return [
        News(
            # Not its key: that another row of its number took its place, tells who holds on to that number (rule 26).
            key=f"organisation/{each.published_at:%Y%m%d%H%M%S%f}/{slugify(card.name)}",
            title=_("%(name)s is on the map") % {"name": card.name},
            text=card.description,
            address=address,
            at=each.published_at,
        )
        for each, card in shown
        if each.published_at
    ]
