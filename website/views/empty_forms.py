"""The empty forms of a call, to read beforehand."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from calls.enums import FormKind
from hubportal.documents.views.stored import stored_pdf, stored_word
from hubportal.middleware import ReceivedRequest
from website.queries import public_forms


@require_safe
def empty_form(request: ReceivedRequest, slug: str, kind: str) -> HttpResponse:
    """Send the empty form of a public call as PDF or DOCX; 404 until it was made."""
    if kind not in FormKind.values:
        raise Http404
    form = get_object_or_404(public_forms(), call__slug=slug, kind=kind)
    send = stored_word if kind == FormKind.DOCX else stored_pdf
    return send(request, name=form.stored_as, sha256=form.sha256, filename=f"leeg-formulier-{slug}.{kind}")
