"""Middleware."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.db import connection
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found

from hubportal.accounts.models import User
from hubportal.accounts.second_factor import has_used_second_factor, needs_second_factor, page_that_asks
from hubportal.accounts.sessions import is_half_over, prolong, seconds_left
from hubportal.deadline import TooLate, no_statement_after
from hubportal.kernel import clock
from hubportal.kernel.languages import language_of, without_language
from hubportal.kernel.text import visible

Handler = Callable[[HttpRequest], HttpResponse]

_REQUEST_START = re.compile(r"t=(\d{10})\.?(\d{3})(\d{0,3})")
# Where somebody without a second factor may still go: to set one up, to log out. The last is the bar of debug mode,
# which is nowhere else. All of these are paths of pages in Dutch.
_OPEN_WITHOUT_SECOND_FACTOR = ("/demo/", "/static/", "/healthz/", "/__debug__/")
# Where a page asks how long its session lasts, or prolongs it.
_SESSION = "/account/session/"
# Of its account, who has one sees no more before it was used: a password alone neither removes nor replaces it.
_ACCOUNT = "/account/"
_OPEN_BEFORE_THE_CODE = (
    *("/account/2fa/reauthenticate/", "/account/2fa/webauthn/reauthenticate/"),
    *("/account/logout/", _SESSION),
)


class ReceivedRequest(HttpRequest):
    """A request with the moment the server received it."""

    received_at: datetime


class SignedInRequest(ReceivedRequest):
    """A received request of somebody who is logged in, as a view behind ``login_required`` gets it."""

    user: User


def wants_json(request: HttpRequest) -> bool:
    """Tell whether the request comes from the autosave script."""
    return request.headers.get("Accept", "") == "application/json"


def received_at(get_response: Handler) -> Handler:
    """Record the moment of receipt on each request (rule 2)."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.received_at = clock.shifted(_moment_of_receipt(request))  # type: ignore[attr-defined]
        return get_response(request)

    return handle


def whole_at(request: HttpRequest) -> datetime:
    """Return the present moment, once the request has come in to its last byte.

    What a request saves stood nowhere before this moment, however early the request began: who sends it slowly does not
    date it earlier (rule 2).
    """
    # Reads the body, if nobody did yet.
    _sent = request.POST
    return clock.now()


def _moment_of_receipt(request: HttpRequest) -> datetime:
    """Return the proxy's timestamp if a trusted proxy is set up, otherwise the current moment."""
    present = datetime.now(UTC)
    if settings.TRUST_PROXY and (
        found := _REQUEST_START.fullmatch(request.headers.get("X-Request-Start", ""))
    ):
        microseconds = int(f"{found[2]}{found[3]:0<3}")
        said = datetime.fromtimestamp(int(found[1]), UTC).replace(microsecond=microseconds)
        # Never later than now, and never earlier than a request can take: nobody gets a moment by a wrong clock.
        earliest = present - timedelta(seconds=settings.REQUEST_TIMEOUT_SECONDS)
        return min(max(said, earliest), present)
    return present


def language_of_address(get_response: Handler) -> Handler:
    """Choose the language by the address alone, never by the browser or a cookie; leave no choice in the thread."""

    def handle(request: HttpRequest) -> HttpResponse:
        language = language_of(request.path_info)
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return handle


def only_utf8(get_response: Handler) -> Handler:
    """Refuse a form in another charset, which cannot be read: nor can it while that is said."""

    def handle(request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in {"utf-8", "utf8"}:
            return HttpResponseBadRequest(render_to_string("400.html"))
        return get_response(request)

    return handle


def no_log_in_for_scripts(get_response: Handler) -> Handler:
    """Answer 401 to the autosave script where a person would be redirected to log in."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if wants_json(request) and without_language(response.get("Location", "")).startswith(_ACCOUNT):
            return JsonResponse({"message": _("You have been logged out.")}, status=401)
        return response

    return handle


def end_of_session(get_response: Handler) -> Handler:
    """End a session in time, and let that of somebody who works last (WCAG 2.2.1). Asking how long it lasts is no work."""

    def handle(request: HttpRequest) -> HttpResponse:
        at = clock.of_this_machine()
        left = seconds_left(request, at=at)
        if left is not None and left <= 0:
            logout(request)
        elif is_half_over(request, at=at) and without_language(request.path) != _SESSION:
            prolong(request, at=at)
        return get_response(request)

    return handle


def second_factor(get_response: Handler) -> Handler:
    """Require a second factor: of people whose role needs one, and on account pages of people who have one."""

    def handle(request: HttpRequest) -> HttpResponse:
        if has_used_second_factor(request) or not _is_asked(request):
            return get_response(request)
        assert isinstance(request.user, User)
        page = reverse(page_that_asks(request.user))
        # Back to what was asked; what was sent by POST cannot be asked again.
        wanted = request.get_full_path() if request.method == "GET" else reverse("website:start")
        return redirect(f"{page}?{urlencode({'next': wanted})}")

    return handle


def _is_asked(request: HttpRequest) -> bool:
    path = without_language(request.path)
    if path.startswith(_ACCOUNT):
        return not path.startswith(_OPEN_BEFORE_THE_CODE) and _has_second_factor(request)
    return not path.startswith(_OPEN_WITHOUT_SECOND_FACTOR) and needs_second_factor(request.user)


def _has_second_factor(request: HttpRequest) -> bool:
    return bool(request.user.is_authenticated and request.user.has_second_factor)


def no_null_bytes(get_response: Handler) -> Handler:
    """Answer 404 to a path with a null byte and remove null bytes from the query: PostgreSQL refuses them."""

    def handle(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            return page_not_found(request, Http404())
        asked = request.META.get("QUERY_STRING", "")
        if "%00" in asked or "\x00" in asked:
            request.GET = QueryDict(asked.replace("%00", "").replace("\x00", ""))
        return get_response(request)

    return handle


class EndInTime:
    """End a request that takes longer than a request may take: nothing is written after it, and the page says so."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, with a last moment for its statements."""
        with connection.execute_wrapper(no_statement_after(time.monotonic())):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Say that it took too long, and that nothing was kept."""
        if isinstance(problem, TooLate):
            return took_too_long()
        return None


def took_too_long() -> HttpResponse:
    """Return the page of a request that is over. Without the request: its person and messages would be asked of the database."""
    return HttpResponse(render_to_string("503.html"), status=503)


class VisibleText:
    """Clean what people put in at the edge: of every field, only what a reader can see goes further (rule 33).

    After the check of the token, so that nothing is read of a form that is refused. Passwords stay as they are.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Put the visible text in the place of what was sent."""
        request.GET = _visible(request.GET)  # type: ignore[assignment]
        if request.method == "POST":
            request.POST = _visible(request.POST)  # type: ignore[assignment]


def _visible(sent: QueryDict) -> QueryDict:
    clean = QueryDict(mutable=True, encoding=sent.encoding)
    for name, values in sent.lists():
        clean.setlist(name, values if "password" in name else [visible(each) for each in values])
    clean._mutable = False
    return clean


def private_pages(get_response: Handler) -> Handler:
    """Keep pages of logged-in people out of caches, also out of the back button after logging out.

    What is public, caches may keep, but not show without asking: it may be withdrawn (rule 26). Nor does what scripts kept
    on the device of what somebody typed stay there once they log out (rule 22).
    """

    def handle(request: HttpRequest) -> HttpResponse:
        was_logged_in = request.user.is_authenticated
        response = get_response(request)
        if was_logged_in and not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"storage"'
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private" if request.user.is_authenticated else "no-cache"
        return response

    return handle
