"""What a resident wrote, for themselves, through links in our mails: following one changes nothing."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.one_time import DeadLink, secret_digest
from hubportal.middleware import ReceivedRequest
from hubportal.secret_pages import secret_address
from people.forms.health import health_words_in
from residents.domain.erasing import disown_message, withdraw_message
from residents.domain.writing import check_can_be_confirmed, confirm_message
from residents.enums import MessageKind
from residents.queries import message_kept, message_to_confirm


@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: ReceivedRequest, secret: str) -> HttpResponse:
    """Show somebody what they wrote, and let them confirm that it was them, or have it erased because it was not."""
    message = message_to_confirm(secret_digest(secret))
    if message is None:
        return _unknown(request)
    # The question of the region is not of who wrote.
    title = "" if message.kind == MessageKind.TAKE_PART else message.title
    context = {"message": message, "health_words": health_words_in(f"{title} {message.text}")}
    try:
        if request.method == "POST" and "not_me" in request.POST:
            disown_message(message_id=message.pk, at=request.received_at)
            return render(
                request, "residents/withdrawn.html", {"region": message.region, "is_of_other": True}
            )
        if request.method == "POST":
            confirm_message(message_id=message.pk, at=request.received_at)
            return render(request, "residents/confirmed.html", context)
        check_can_be_confirmed(message, at=request.received_at)
    except DeadLink as refusal:
        return _dead(request, str(refusal), status=410)
    except RuleViolation as refusal:
        return _dead(request, str(refusal), status=422)
    return render(request, "residents/confirm.html", context)


@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def kept(request: ReceivedRequest, secret: str) -> HttpResponse:
    """Show somebody what is kept of what they wrote, and let them withdraw it."""
    message = message_kept(secret_digest(secret))
    if message is None:
        return _unknown(request)
    if request.method == "POST":
        withdraw_message(message_id=message.pk, at=request.received_at)
        return render(request, "residents/withdrawn.html", {"region": message.region})
    return render(request, "residents/kept.html", {"message": message})


def _unknown(request: ReceivedRequest) -> HttpResponse:
    """Return the page about a link that we never sent, or whose message is gone: the same for both."""
    sentence = _(
        "We do not recognise this link. Perhaps what you wrote has been erased already. Or copy the whole link from our"
        " e-mail once more."
    )
    # Who pressed twice asked for what was done: that nothing is kept.
    return _dead(request, sentence, status=200 if request.method == "POST" else 404)


def _dead(request: ReceivedRequest, sentence: str, *, status: int) -> HttpResponse:
    return render(request, "residents/dead_link.html", {"sentence": sentence}, status=status)
