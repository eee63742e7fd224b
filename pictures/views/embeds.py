"""What is public of the pictures: a page that other sites show in a frame, and its files."""

from collections.abc import Callable
from datetime import date

from csp.decorators import csp_replace
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from hubportal.documents.domain.bounded import TooBusy, TooCostly
from hubportal.kernel.clock import local_date
from hubportal.middleware import ReceivedRequest
from pictures.enums import FileFormat, PictureKind
from pictures.views import network, questions, white_spots
from pictures.views.answers import file_answer
from pictures.views.made import Made
from pictures.views.pictures import ABOUT, format_called, kind_called
from regions.models import Region
from regions.queries import all_regions

SECONDS_KEPT = 120
_MAKERS: dict[PictureKind, Callable[[Region, date], Made]] = {
    PictureKind.WHITE_SPOTS: lambda region, _today: white_spots.of_public(region),
    PictureKind.QUESTIONS: lambda region, today: questions.of_public(region, today=today),
    PictureKind.NETWORK: lambda region, _today: network.of_public(region),
}


# It shows what everybody may know and has no button: who frames it can make nobody do anything.
@xframe_options_exempt
@csp_replace({"frame-ancestors": "*"})  # type: ignore[arg-type]
@require_safe
def embed(request: ReceivedRequest, slug: str, kind: str) -> HttpResponse:
    """Show what is public of a picture, the same to everybody."""
    region, chosen = get_object_or_404(all_regions(), slug=slug), kind_called(kind)
    made = _MAKERS[chosen](region, local_date(request.received_at))
    context = {
        "region": region,
        "kind": chosen,
        "about": ABOUT[chosen],
        "made": made,
        "rows": made.rows_shown(request.GET),
        "files": [
            (each.label, reverse("pictures:embed_file", args=[slug, kind, each])) for each in FileFormat
        ],
    }
    return _kept_shortly(render(request, "pictures/embed.html", context))


def _kept_shortly(answer: HttpResponse) -> HttpResponse:
    """Let caches keep what is the same to everybody: what was withdrawn is gone from them two minutes later (rule 26)."""
    answer["Cache-Control"] = f"public, max-age={SECONDS_KEPT}, must-revalidate"
    return answer


@require_safe
def embed_file(request: ReceivedRequest, slug: str, kind: str, form: str) -> HttpResponse:
    """Return what is public of a picture as a file, which scripts of other sites may read too."""
    region, chosen, wanted = (
        get_object_or_404(all_regions(), slug=slug),
        kind_called(kind),
        format_called(form),
    )
    made = _MAKERS[chosen](region, local_date(request.received_at))
    try:
        answer = file_answer(made, region, chosen, wanted, slots="public")
    except (TooBusy, TooCostly):
        said = _("The portal is too busy to make this file. Try again in a minute, or take CSV.")
        return HttpResponse(
            said, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "60"}
        )
    # Without credentials, so that it is what everybody gets.
    answer["Access-Control-Allow-Origin"] = "*"
    return _kept_shortly(answer)
