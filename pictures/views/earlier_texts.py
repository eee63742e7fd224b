"""Earlier versions of the text of a regional picture: listed, beside the text of now, and put back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest
from hubportal.versions.comparing import NOTHING, Difference
from mapping.views.workspace import assigned_region
from pictures.domain.regional_texts import put_back_regional_text
from pictures.forms.regional import RegionalTextForm, content_of
from pictures.models import EarlierText, RegionalText
from pictures.regional_queries import earlier_texts_of, text_of

_MOST_DIGITS = 9


@login_required
@require_safe
def earlier_texts(request: SignedInRequest, slug: str) -> HttpResponse:
    """List the earlier versions of the text of a regional picture."""
    region = assigned_region(request, slug)
    context = {"region": region, "texts": list(earlier_texts_of(region)), "now": text_of(region)}
    return render(request, "pictures/earlier_texts.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def earlier_text(request: SignedInRequest, slug: str, version: int) -> HttpResponse:
    """Show an earlier version beside the text of now, and put it back."""
    region = assigned_region(request, slug)
    earlier = get_object_or_404(earlier_texts_of(region), version=version)
    refused = ""
    if request.method == "POST":
        seen = request.POST.get("seen_version", "")
        try:
            put_back_regional_text(
                region=region,
                version=version,
                seen_version=int(seen)
                if seen.isascii() and seen.isdigit() and len(seen) <= _MOST_DIGITS
                else -1,
                actor=request.user,
                at=request.received_at,
            )
        except RuleViolation as refusal:
            refused = str(refusal)
        else:
            messages.success(
                request, _("The earlier text is back. What stood there is among the earlier versions.")
            )
            return redirect("pictures:regional", slug)
    now = text_of(region)
    context = {
        "region": region,
        "earlier": earlier,
        "now": now,
        "differences": _differences(now, earlier),
        "refused": refused,
    }
    return render(request, "pictures/earlier_text.html", context, status=409 if refused else 200)


def _differences(now: RegionalText, earlier: EarlierText) -> list[Difference]:
    """Return what the text of now says otherwise, field by field."""
    form = RegionalTextForm(initial=content_of(now))
    pairs = (("text", now.text, earlier.text), ("sources", now.sources, earlier.sources))
    return [
        Difference(form.label_of(name), kept or NOTHING, was or NOTHING)
        for name, kept, was in pairs
        if kept != was
    ]
