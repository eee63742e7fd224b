"""The regional picture that a kwartiermaker published, for everybody."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from hubportal.middleware import ReceivedRequest
from pictures.enums import PictureKind
from pictures.models import RegionalPicture
from pictures.regional_queries import shown_picture_of
from pictures.views.regional import answer_with
from regions.queries import all_regions


@require_safe
def public_regional(request: ReceivedRequest, slug: str) -> HttpResponse:
    """Show the text and sources of the published regional picture, with its file; 404 where there is none."""
    picture = _shown(slug)
    context = {"region": picture.region, "picture": picture, "kinds": list(PictureKind)}
    return render(request, "pictures/public_regional.html", context)


@require_safe
def public_pdf(request: ReceivedRequest, slug: str) -> HttpResponse:
    """Return the published regional picture as PDF."""
    return answer_with(request, _shown(slug))


def _shown(slug: str) -> RegionalPicture:
    picture = shown_picture_of(get_object_or_404(all_regions(), slug=slug))
    if picture is None:
        raise Http404
    return picture
