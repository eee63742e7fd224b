"""A draft as a PDF, at any moment: asking for it, and downloading it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.domain.draft_copies import ask_for_copy
from applications.models import Application, DraftCopy
from applications.queries.draft_copies import copies_of
from applications.views.access import room_page
from hubportal.accounts.models import User
from hubportal.documents.views.stored import stored_pdf
from hubportal.kernel.clock import AMSTERDAM
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest

# On a page of the draft.
COPIES_SHOWN = 3


def copies_shown(application: Application, reader: User) -> list[DraftCopy]:
    """Return the latest copies of a draft that a page opened, for whoever it opened it for."""
    with_people = application.is_led  # type: ignore[attr-defined]
    return list(copies_of(application, reader, with_people=with_people)[:COPIES_SHOWN])


@require_POST
@room_page
def ask(request: SignedInRequest, application: Application) -> HttpResponse:
    """Have a PDF made of what is in the draft now, then show that it is being made."""
    try:
        copy = ask_for_copy(reference=application.reference, actor=request.user, at=request.received_at)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        if copy.given_up_at is not None:
            messages.error(
                request,
                _(
                    "This draft takes too long to make a PDF of. Its texts are far over their maximum: shorten them first."
                ),
            )
        elif copy.made_at is None:
            messages.success(request, _("We are making the PDF. It stands below in a minute."))
        else:
            messages.info(request, _("Nothing has changed since this PDF was made. It stands below."))
    page = "check" if request.POST.get("page") == "check" and application.is_led else "read"  # type: ignore[attr-defined]
    return redirect(f"{reverse(f'applications:{page}', args=[application.reference])}#copies")


@require_safe
@room_page
def download(request: SignedInRequest, application: Application, copy_key: UUID) -> HttpResponse:
    """Send a copy that was made; 404 for one that is being made, is gone, or names people to who may not see them."""
    with_people = application.is_led  # type: ignore[attr-defined]
    copy = get_object_or_404(copies_of(application, request.user, with_people=with_people), key=copy_key)
    if copy.made_at is None:
        raise Http404
    moment = f"{copy.asked_at.astimezone(AMSTERDAM):%Y-%m-%d-%H%M}"
    filename = f"concept-niet-ingediend-{application.reference}-{moment}.pdf"
    return stored_pdf(request, name=copy.stored_as, sha256=copy.sha256, filename=filename)
