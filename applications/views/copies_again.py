"""Copies for who answered or signed by a mailed link, and for who signed with an account (rule 35)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.domain.copies_for_signatories import send_copy_again
from applications.domain.links import find_link
from applications.enums import LinkPurpose
from applications.queries.signature_copies import signed_by
from applications.views.links import unknown_link
from hubportal.documents.views.stored import stored_pdf
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import ReceivedRequest, SignedInRequest
from hubportal.secret_pages import secret_address


@secret_address
@require_POST
def consent_copy_again(request: ReceivedRequest, secret: str) -> HttpResponse:
    """Mail who consented by a link the copy of it once more."""
    return _again(request, secret, LinkPurpose.CONSENT, "applications:consent")


@secret_address
@require_POST
def signature_copy_again(request: ReceivedRequest, secret: str) -> HttpResponse:
    """Mail who signed by a link the copy of it once more."""
    return _again(request, secret, LinkPurpose.SIGN, "applications:sign")


def _again(request: ReceivedRequest, secret: str, purpose: LinkPurpose, page: str) -> HttpResponse:
    link = find_link(secret, purpose)
    if link is None:
        return unknown_link(request)
    try:
        mail = send_copy_again(link_id=link.pk, at=request.received_at)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        told = (
            _("The copy is on its way to %(email)s.")
            if mail is not None
            else _("We are still making the copy. It goes to %(email)s by itself.")
        )
        messages.success(request, told % {"email": link.email})
    return redirect(page, secret)


@login_required
@require_safe
def signature_copy(request: SignedInRequest, reference: str, role: str) -> HttpResponse:
    """Send who signed the copy of what they signed; 404 for anybody else, and until it was made."""
    own = signed_by(request.user).filter(application__reference=reference, copy__isnull=False)
    signature = get_object_or_404(own.select_related("copy"), role=role)
    copy, filename = signature.copy, f"ondertekening-{reference}.pdf"
    return stored_pdf(request, name=copy.stored_as, sha256=copy.sha256, filename=filename)
