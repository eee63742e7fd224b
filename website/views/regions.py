"""The map of regions, the search for one's own, and a page per region."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from hubportal.middleware import ReceivedRequest
from regions.models import Region


@require_safe
def region_map(request: ReceivedRequest) -> HttpResponse:
    """Show every region on a map, and in a list that says the same."""
    return render(request, "website/map.html", {"regions": Region.objects.all()})


@require_safe
def find_region(request: ReceivedRequest) -> HttpResponse:
    """Show the regions that a postcode, a municipality or a name points to."""
    return render(request, "website/find_region.html")


@require_safe
def region(request: ReceivedRequest, slug: str) -> HttpResponse:
    """Show what may be public of a region."""
    return render(request, "website/region.html", {"region": get_object_or_404(Region, slug=slug)})
