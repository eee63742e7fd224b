"""Reading what was added to an application: whoever reads what was submitted, once it was sent (rule 14)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from applications.permissions import may_read
from completions.models import CompletionFile
from completions.views.files import send_added
from hubportal.accounts.permissions import ASSESSORS
from hubportal.office.pages import StaffRequest, only_for


@require_safe
@only_for(ASSESSORS)
def completion_file(request: StaffRequest, reference: str, number: int, sha256: str) -> HttpResponse:
    """Send a file of an answer that was sent, as a download."""
    opened = get_object_or_404(may_read.rows(request.user), reference=reference)
    found = get_object_or_404(
        CompletionFile,
        point__request__application=opened,
        point__request__sent_at__isnull=False,
        point__number=number,
        sha256=sha256,
    )
    return send_added(request, found, reference)
