"""A second click on the same button of the same page is answered as the first was: it was done, once.

Every act is idempotent, but the page of one that was done is often gone, or its form no longer fits: whoever clicked twice
would read that the page does not exist, or an error, though all went well.
"""

import hashlib
import time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from hubportal.middleware import Handler, wants_json

# How long a second click is known for one.
_REMEMBERED_SECONDS = 60
# How long a second click waits for the answer to the first.
_WAIT_SECONDS = 3.0
_LOOK_SECONDS = 0.05
_UNDERWAY = "underway"
# Gone, or refused: as a page answers whose work was done. Not a newer version, which somebody has to see.
_AS_IF_DONE = frozenset({404, 410, 422})
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 -- the name of a field


def answer_repeats(get_response: Handler) -> Handler:
    """Answer what one person sent before from the same page as that was answered, if it cannot be done once more."""

    def handle(request: HttpRequest) -> HttpResponse:
        key = _key(request)
        if key is None:
            return get_response(request)
        is_first = cache.add(key, _UNDERWAY, _REMEMBERED_SECONDS)
        response = get_response(request)
        is_refused = _says_a_refusal(request) or response.status_code in _AS_IF_DONE
        if isinstance(response, HttpResponseRedirect) and not is_refused:
            cache.set(key, response.url, _REMEMBERED_SECONDS)
        elif is_first:
            cache.delete(key)
        elif is_refused and (done := _answer_of_the_first(key)):
            _forget_refusals(request)
            messages.info(request, _("This was done already. It was not done twice."))
            return HttpResponseRedirect(done)
        return response

    return handle


def key_of(request: HttpRequest) -> UUID | None:
    """Return the key that the page chose for what is added, by which its act knows a second click; ``None`` without one."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def _said_here(request: HttpRequest) -> list[Any]:
    """Return the messages of this request, which Django keeps apart from those that nobody read yet."""
    said: list[Any] = getattr(messages.get_messages(request), "_queued_messages", [])
    return said


def _says_a_refusal(request: HttpRequest) -> bool:
    """Tell whether an answer says that something was refused, and nothing that was done: a page that leads elsewhere may."""
    levels = {each.level for each in _said_here(request)}
    return messages.ERROR in levels and messages.SUCCESS not in levels


def _forget_refusals(request: HttpRequest) -> None:
    said = _said_here(request)
    said[:] = [each for each in said if each.level != messages.ERROR]


def _key(request: HttpRequest) -> str | None:
    """Return what one page of one person sends, as one text; nothing for what no form of a page of theirs sent.

    The token in a form is of one browser and one page: nobody else is answered by it, also where nobody is logged in. Scripts put
    the token of the browser in its place, and send the one that the page came with beside it (page.js).
    Whoever lost a role is answered as if they never had it.
    """
    if request.method != "POST" or wants_json(request) or _TOKEN not in request.POST:
        return None
    sent: list[Any] = [request.get_full_path()]
    if request.user.is_authenticated:
        sent += [request.user.pk, sorted(request.user.roles)]
    sent += sorted((name, values) for name, values in request.POST.lists())
    sent += sorted((name, [_content_of(each) for each in files]) for name, files in request.FILES.lists())
    return f"repeat-{salted_hmac('hubportal.repeats', repr(sent)).hexdigest()}"


def _content_of(file: "UploadedFile[Any]") -> str:
    """Return a digest of a file that was sent: another one of the same size is no second click."""
    found = hashlib.sha256()
    for each in file.chunks():
        found.update(each)
    file.seek(0)
    return found.hexdigest()


def _answer_of_the_first(key: str) -> str:
    """Return where the first click led, once that is known; nothing where it led nowhere."""
    last = time.monotonic() + _WAIT_SECONDS
    while (answer := cache.get(key)) == _UNDERWAY and time.monotonic() < last:
        time.sleep(_LOOK_SECONDS)
    return "" if answer in {None, _UNDERWAY} else str(answer)
