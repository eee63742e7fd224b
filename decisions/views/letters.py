"""Downloads of decision letters."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from decisions.domain.returned_letters import record_opening
from decisions.permissions import may_receive_letter
from decisions.queries import letters_visible_to
from hubportal.documents.views.stored import stored_pdf
from hubportal.middleware import SignedInRequest
from letters.domain.mails import file_name
from letters.queries import current


@login_required
@require_safe
def letter(request: SignedInRequest, reference: str) -> HttpResponse:
    """Send the current letter to people who may read it; 404 for others and before it is made."""
    told = get_object_or_404(
        letters_visible_to(request.user).select_related("document", "text__kind", "decision__application"),
        decision__application__reference=reference,
    )
    is_first = request.method == "GET" and current(told).first_opened_at is None
    if is_first and may_receive_letter.allows(request.user, told.decision.application):
        record_opening(decision_id=told.decision.pk, actor=request.user, at=request.received_at)
    document = current(told).document
    assert document is not None
    return stored_pdf(request, name=document.stored_as, sha256=document.sha256, filename=file_name(told))
