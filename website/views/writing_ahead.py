"""Writing the answers to a call before one has an account: on the device alone, until they are brought into a draft (rule 32)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from applications.forms.writing import excess_in_words, length_in_words, limit_in_words
from calls.models import SectionSpec
from calls.queries import public_calls
from hubportal.kernel.languages import dutch
from hubportal.middleware import ReceivedRequest
from website.views.calls import call_at


@require_safe
def write_ahead(request: ReceivedRequest, slug: str) -> HttpResponse:
    """Show the questions of a call with room for answers, which no form of this page sends anywhere."""
    found = get_object_or_404(public_calls().prefetch_related("rounds", "sections", "empty_forms"), slug=slug)
    context = {
        "call": found,
        "moment": call_at(found, request.received_at),
        "rows": [_row(each) for each in found.sections.all()],
        "forms": [each for each in found.empty_forms.all() if each.made_at],
        "crumbs": [
            {"label": _("Calls"), "url": reverse("website:calls")},
            {"label": dutch(found.title), "url": reverse("website:call", args=[found.slug])},
        ],
    }
    return render(request, "website/write_ahead.html", context)


def _row(spec: SectionSpec) -> dict[str, Any]:
    """Return a section with how its length is said before and while one writes."""
    most = spec.max_characters
    return {
        "spec": spec,
        "limit": limit_in_words(most),
        "length": length_in_words(0, most),
        "length_of_one": length_in_words(1, most, shown="{count}"),
        "length_of_many": length_in_words(2, most, shown="{count}"),
        "length_of_excess": excess_in_words("{count}", "{over}"),
    }
