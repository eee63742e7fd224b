"""The public pages, for search engines."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_of
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from calls.queries import public_calls
from hubportal.kernel.languages import in_language
from hubportal.middleware import ReceivedRequest
from regions.queries import all_regions

PAGES = ("home", "map", "coverage", "grants", "calls", "help", "contact", "privacy", "accessibility")


# Django knows the parameter of its class only while types are checked.
if TYPE_CHECKING:
    _Sitemap = Sitemap[str]
else:
    _Sitemap = Sitemap


class PublicPages(_Sitemap):
    """Every page that is the same for everybody, in each language."""

    def items(self) -> list[str]:
        """Return the path of each page."""
        paths = [
            *(reverse(f"website:{name}") for name in PAGES),
            *(reverse("website:region", args=[each.slug]) for each in all_regions().only("slug")),
            *(
                reverse(name, args=[each.slug])
                for each in public_calls().only("slug")
                for name in ("website:call", "website:can_apply", "call_questions:questions")
            ),
        ]
        return [in_language(path, code) for path in paths for code, _name in settings.LANGUAGES]

    def location(self, item: str) -> str:
        """Return the path itself."""
        return item

    def get_domain(self, _site: Any = None) -> str:
        """Return the domain of the portal, whatever a request calls it."""
        return urlsplit(settings.PUBLIC_ADDRESS).netloc

    def get_protocol(self, _protocol: str | None = None) -> str:
        """Return the protocol of the portal."""
        return urlsplit(settings.PUBLIC_ADDRESS).scheme


@require_safe
def sitemap(request: ReceivedRequest) -> HttpResponse:
    """Return the addresses of the public pages."""
    answer: HttpResponse = sitemap_of(request, {"pages": PublicPages})
    return answer
