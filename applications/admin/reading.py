"""Reading a submitted application: only people with a row of reading access (rule 14)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from applications.domain.frozen import frozen_content
from applications.permissions import may_read
from applications.queries import with_headline
from applications.views.attachments import as_download
from coalitions.queries import named_otherwise
from hubportal.accounts.permissions import ASSESSORS, OFFICERS
from hubportal.office.pages import StaffRequest, only_for, page


@require_safe
@only_for(ASSESSORS)
def application(request: StaffRequest, reference: str) -> HttpResponse:
    """Show what was submitted."""
    opened = get_object_or_404(
        with_headline(may_read.rows(request.user)).select_related("frozen"), reference=reference
    )
    context = {
        "application": opened,
        "content": frozen_content(opened),
        "named_otherwise": named_otherwise(opened.coalition) if OFFICERS.includes(request.user) else [],
    }
    return page(request, "admin/applications/application.html", context)


@require_safe
@only_for(ASSESSORS)
def attachment(request: StaffRequest, reference: str, sha256: str) -> HttpResponse:
    """Send an attachment as a download; it is never shown within the portal's own pages (rule 24)."""
    opened = get_object_or_404(may_read.rows(request.user), reference=reference)
    return as_download(request, get_object_or_404(opened.attachments, sha256=sha256), reference)
