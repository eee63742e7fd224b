"""Pages of who speaks for the lead organisation: their conversations with the office about an application."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from correspondence.domain.closing import note_read
from correspondence.enums import Side
from correspondence.models import Conversation
from correspondence.views import talking
from hubportal.middleware import SignedInRequest

DESK = talking.Desk(Side.APPLICANTS, "correspondence:", "correspondence/", render)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def conversations(request: SignedInRequest, reference: str) -> HttpResponse:
    """List the conversations with the office, and begin one."""
    return talking.conversations_page(request, DESK, reference)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """Show a conversation with the office, and write in it; what was unread is read from then on."""

    def note(unread: Conversation, seen: str) -> None:
        if unread.unread_since is not None and request.method == "GET":
            note_read(
                reference=reference, number=number, seen=seen, actor=request.user, at=request.received_at
            )

    return talking.conversation_page(request, DESK, reference, number, note=note)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: SignedInRequest, reference: str, number: int, message_number: int) -> HttpResponse:
    """Take back what one wrote a moment ago."""
    return talking.take_back_page(request, DESK, reference, number, message_number)


@login_required
@require_safe
def file(request: SignedInRequest, reference: str, number: int, message_number: int) -> HttpResponse:
    """Send the file of a message."""
    return talking.send_file(request, DESK, reference, number, message_number)
