"""Pages of officers: what waits for an answer, and the conversations about an application that is open to them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from correspondence.domain.closing import close_conversation
from correspondence.enums import Side
from correspondence.queries import listed_conversations, settled_for, waiting_for, waiting_undeclared
from correspondence.views import talking
from hubportal.accounts.permissions import OFFICERS
from hubportal.kernel.errors import RuleViolation
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import page_of_rows

DESK = talking.Desk(Side.OFFICE, "admin:message_", "admin/correspondence/", page)
_SETTLED = "afgehandeld"


@require_safe
@only_for(OFFICERS)
def waiting(request: StaffRequest) -> HttpResponse:
    """List what waits for an answer, the longest waiting in front; or what needs none, the latest in front."""
    is_settled = request.GET.get("staat") == _SETTLED
    rows = settled_for(request.user) if is_settled else waiting_for(request.user)
    context = {
        "page": page_of_rows(request, rows, shown=listed_conversations(Side.OFFICE)),
        "is_settled": is_settled,
        "undeclared": waiting_undeclared(request.user).count(),
    }
    return page(request, "admin/correspondence/waiting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def conversations(request: StaffRequest, reference: str) -> HttpResponse:
    """List the conversations about an application, and begin one."""
    return talking.conversations_page(request, DESK, reference)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def conversation(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Show a conversation, and answer in it."""
    return talking.conversation_page(request, DESK, reference, number)


@require_POST
@only_for(OFFICERS)
def close(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Say that a conversation needs no answer."""
    DESK.conversation(DESK.opened(request, reference), number)
    try:
        close_conversation(
            reference=reference,
            number=number,
            seen=request.POST.get("seen", ""),
            actor=request.user,
            at=request.received_at,
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:message_conversation", reference, number)
    messages.success(
        request, _("This conversation waits no more. Another message of the applicants opens it again.")
    )
    return redirect("admin:messages")


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def take_back(request: StaffRequest, reference: str, number: int, message_number: int) -> HttpResponse:
    """Take back what one wrote a moment ago."""
    return talking.take_back_page(request, DESK, reference, number, message_number)


@require_safe
@only_for(OFFICERS)
def file(request: StaffRequest, reference: str, number: int, message_number: int) -> HttpResponse:
    """Send the file of a message."""
    return talking.send_file(request, DESK, reference, number, message_number)
