"""The pictures of a region for its kwartiermakers: pages, and files of what they show."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from hubportal.documents.domain.bounded import TooBusy, TooCostly
from hubportal.kernel.clock import local_date
from hubportal.middleware import SignedInRequest
from mapping.views.workspace import assigned_region
from pictures.enums import FileFormat, PictureKind
from pictures.views import network, questions, white_spots
from pictures.views.answers import file_answer
from pictures.views.made import Made
from regions.models import Region

ABOUT = {
    PictureKind.WHITE_SPOTS: gettext_lazy("In which municipality has which stream no voice yet?"),
    PictureKind.QUESTIONS: gettext_lazy(
        "How many organisations take part in each question, and in which form?"
    ),
    PictureKind.NETWORK: gettext_lazy("Which organisations are tied, or take part in the same questions?"),
}
_MAKERS: dict[PictureKind, Callable[[Region, QueryDict, date], Made]] = {
    PictureKind.WHITE_SPOTS: lambda region, asked, _today: white_spots.of_map(region, asked),
    PictureKind.QUESTIONS: lambda region, asked, today: questions.of_map(region, asked, today=today),
    PictureKind.NETWORK: lambda region, asked, today: network.of_map(region, asked, today=today),
}


def kind_called(name: str) -> PictureKind:
    """Return the picture with this name in its address, or 404."""
    if name not in PictureKind.values:
        raise Http404
    return PictureKind(name)


def format_called(name: str) -> FileFormat:
    """Return the format with this name in its address, or 404."""
    if name not in FileFormat.values:
        raise Http404
    return FileFormat(name)


@login_required
@require_safe
def pictures(request: SignedInRequest, slug: str) -> HttpResponse:
    """List the pictures of a region."""
    region = assigned_region(request, slug)
    listed = [
        (reverse("pictures:picture", args=[slug, each]), each.label, ABOUT[each]) for each in PictureKind
    ]
    return render(request, "pictures/pictures.html", {"region": region, "pictures": listed})


@login_required
@require_safe
def picture(request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
    """Show a picture, as its address filters it, with the table that says the same."""
    region, chosen = assigned_region(request, slug), kind_called(kind)
    made = _MAKERS[chosen](region, request.GET, local_date(request.received_at))
    embed = reverse("pictures:embed", args=[slug, kind])
    context: dict[str, Any] = {
        "region": region,
        "kind": chosen,
        "about": ABOUT[chosen],
        "made": made,
        "rows": made.rows_shown(request.GET),
        "kinds": list(PictureKind),
        "files": [(each.label, reverse("pictures:file", args=[slug, kind, each])) for each in FileFormat],
        "embed": embed,
        "embed_address": f"{settings.PUBLIC_ADDRESS}{embed}",
    }
    return render(request, "pictures/picture.html", context)


@login_required
@require_safe
def file(request: SignedInRequest, slug: str, kind: str, form: str) -> HttpResponse:
    """Return what a picture shows at the same address as a file."""
    region, chosen, wanted = assigned_region(request, slug), kind_called(kind), format_called(form)
    made = _MAKERS[chosen](region, request.GET, local_date(request.received_at))
    try:
        return file_answer(made, region, chosen, wanted)
    except (TooBusy, TooCostly):
        messages.error(
            request, _("The portal is too busy to make this file. Try again in a minute, or take CSV.")
        )
        return redirect("pictures:picture", slug, kind)
