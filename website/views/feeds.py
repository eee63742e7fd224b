"""What is new in a region, for feed readers."""

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.translation import gettext as _

from regions.models import Region
from regions.queries import all_regions
from website.domain.news import News, granted, published

NEWS_SHOWN = 30


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
        found = [*granted(region, most=NEWS_SHOWN), *published(region, most=NEWS_SHOWN)]
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
        return _whole(reverse("website:region", args=[item.region_slug]))

    def item_updateddate(self, item: News) -> datetime:
        """Return since when it is so."""
        return item.at


def _whole(path: str) -> str:
    return f"{settings.PUBLIC_ADDRESS}{path}"
