"""Conversations as either side has them on its pages: listed, begun, gone on with, and what was written taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.enums import Status
from applications.models import Application
from applications.queries import with_coalition
from correspondence.domain.taking_back import take_message_back
from correspondence.domain.writing import WRITERS, Added, Written, answer, begin_conversation
from correspondence.enums import Side
from correspondence.forms import FirstMessageForm, MessageForm
from correspondence.models import Conversation, Message, MessageFile
from correspondence.permissions import may_take_back
from correspondence.queries import conversations_of, messages_in, seen_in
from hubportal.documents.views.stored import stored_pdf
from hubportal.forms import add_violation
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.middleware import SignedInRequest, whole_at
from hubportal.office.pages import StaffRequest
from hubportal.repeats import key_of

Asked = SignedInRequest | StaffRequest


@dataclass(frozen=True)
class Desk:
    """Where one side reads and writes: what the names of its pages begin with, the folder of its templates, and what draws them."""

    side: Side
    pages: str
    templates: str
    render: Callable[..., HttpResponse]

    def draw(
        self, request: Asked, template: str, context: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        """Answer with a page of this side."""
        return self.render(request, f"{self.templates}{template}.html", context, status=status)

    def address(self, page: str, application: Application, *which: object) -> str:
        """Return the address of a page about an application."""
        return reverse(f"{self.pages}{page}", args=[application.reference, *which])

    def opened(self, request: Asked, reference: str) -> Application:
        """Return an application about which the person writes for this side, or 404."""
        rows = WRITERS[self.side].rows(request.user)
        return get_object_or_404(with_coalition(rows), reference=reference)

    def can_write(self, application: Application) -> bool:
        """Tell whether this side can write about it now."""
        return self.side == Side.OFFICE or application.status != Status.WITHDRAWN

    def conversation(self, application: Application, number: int) -> Conversation:
        """Return a conversation that this side may know of, or 404."""
        return get_object_or_404(conversations_of(application, self.side), number=number)


def conversations_page(request: Asked, desk: Desk, reference: str) -> HttpResponse:
    """List the conversations about an application, and begin one."""
    application = desk.opened(request, reference)
    form = FirstMessageForm(*_typed(request))

    def act() -> Message:
        return begin_conversation(
            reference=reference,
            side=desk.side,
            subject=form.cleaned_data["subject"],
            written=_written(request, form),
            actor=request.user,
            at=whole_at(request),
        )

    if form.is_valid() and (sent := _sent(request, desk, application, form, act)):
        return sent
    rows = list(conversations_of(application, desk.side))
    context = {
        **_writing(request, desk, application, form),
        "rows": [(each, desk.address("conversation", application, each.number)) for each in rows],
    }
    return desk.draw(request, "conversations", context, status=422 if form.errors else 200)


def conversation_page(
    request: Asked,
    desk: Desk,
    reference: str,
    number: int,
    *,
    note: Callable[[Conversation, str], None] | None = None,
) -> HttpResponse:
    """Show the messages of a conversation, and write another one; ``note`` is told which was opened, and how far."""
    application = desk.opened(request, reference)
    conversation = desk.conversation(application, number)
    initial = {"seen": seen_in(conversation, desk.side)}
    if note is not None:
        note(conversation, initial["seen"])
    form = MessageForm(*_typed(request), initial=initial)

    def act() -> Message:
        return answer(
            reference=reference,
            number=number,
            side=desk.side,
            written=_written(request, form),
            seen=form.cleaned_data["seen"],
            actor=request.user,
            at=whole_at(request),
        )

    if form.is_valid() and (sent := _sent(request, desk, application, form, act)):
        return sent
    if form.is_bound:
        # What came in meanwhile stands above it now: the next attempt has seen it.
        form.show_seen(seen_in(conversation, desk.side))
    context = {
        **_writing(request, desk, application, form),
        "conversation": conversation,
        "rows": _rows(request, desk, application, conversation),
        "seen": initial["seen"],
    }
    return desk.draw(request, "conversation", context, status=422 if form.errors else 200)


def _typed(request: Asked) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _writing(request: Asked, desk: Desk, application: Application, form: MessageForm) -> dict[str, Any]:
    return {
        "application": application,
        "form": form,
        "key": key_of(request) or uuid4(),
        "can_write": desk.can_write(application),
        "conversations_url": desk.address("conversations", application),
    }


def _rows(
    request: Asked, desk: Desk, application: Application, conversation: Conversation
) -> list[dict[str, Any]]:
    shown = messages_in(conversation, desk.side).annotate(is_mine=may_take_back.on_each(request.user))
    return [_shown(desk, application, each) for each in shown]


def take_back_page(
    request: Asked, desk: Desk, reference: str, number: int, message_number: int
) -> HttpResponse:
    """Show once more what one wrote and nobody on the other side can read yet, then take it back for good."""
    application = desk.opened(request, reference)
    conversation = desk.conversation(application, number)
    own = may_take_back.rows(request.user).filter(side=desk.side)
    message = get_object_or_404(own, conversation=conversation, number=message_number)
    page = desk.address("conversation", application, number)
    if request.method == "POST":
        try:
            take_message_back(
                reference=reference,
                number=number,
                message_number=message_number,
                side=desk.side,
                actor=request.user,
                at=whole_at(request),
            )
        except RuleViolation as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, _("Your message has been taken back. Nobody on the other side has read it.")
            )
        return redirect(page)
    if message.delivered_at or message.taken_back_at:
        return redirect(page)
    context = {
        "application": application,
        "conversation": conversation,
        "message": message,
        "conversation_url": page,
    }
    return desk.draw(request, "take_back", context)


def send_file(request: Asked, desk: Desk, reference: str, number: int, message_number: int) -> HttpResponse:
    """Send the file of a message as a download that cannot run in the portal."""
    application = desk.opened(request, reference)
    conversation = desk.conversation(application, number)
    shown = messages_in(conversation, desk.side).filter(number=message_number)
    found = get_object_or_404(MessageFile, message__in=shown.order_by().values("pk"))
    filename = f"{reference}-bericht-{number}-{message_number}.pdf"
    return stored_pdf(request, name=found.stored_as, sha256=found.sha256, filename=filename)


def _shown(desk: Desk, application: Application, message: Any) -> dict[str, Any]:
    which = (message.conversation.number, message.number)
    is_waiting = message.delivered_at is None and message.taken_back_at is None
    file, mailed = getattr(message, "file", None), getattr(message, "mailed", None)
    return {
        "message": message,
        "is_own_side": message.side == desk.side,
        "file": file,
        "file_url": desk.address("file", application, *which) if file else "",
        "take_back_url": desk.address("take_back", application, *which)
        if is_waiting and message.is_mine
        else "",
        "is_waiting": is_waiting,
        "mailed": mailed,
        # It crossed with another one: who reads it sees to what it is an answer.
        "answers_earlier": mailed.answers if mailed and mailed.answers + 1 < message.number else None,
    }


def _sent(
    request: Asked,
    desk: Desk,
    application: Application,
    form: MessageForm,
    act: Callable[[], Message],
) -> HttpResponse | None:
    """Return where it leads once a message was sent; ``None`` where the form says why not."""
    try:
        message = act()
    except (NotAllowed, ObjectDoesNotExist) as unknown:
        raise Http404 from unknown
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return None
    messages.success(
        request,
        _(
            "Your message goes out within a few minutes. Until then you can take it back; after that it stays as it is."
        ),
    )
    page = desk.address("conversation", application, message.conversation.number)
    return redirect(f"{page}#bericht-{message.number}")


def _written(request: Asked, form: MessageForm) -> Written:
    file = form.cleaned_data["file"]
    added = Added(form.file_title, file.read()) if file else None
    return Written(form.cleaned_data["text"], key_of(request) or uuid4(), added)
