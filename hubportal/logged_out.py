"""What somebody reads who sends a form after being logged out: to log in again, and then to send the same (rule 32)."""

from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from hubportal.busy import repeatable
from hubportal.middleware import Handler, wants_json
from hubportal.whose_page import FIELD


def keep_what_was_sent(get_response: Handler) -> Handler:
    """Keep a form on a page where it would be dropped by the way to the page where one logs in."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if wants_json(request) or not (_is_filled(request) and _leads_to_log_in(request, response)):
            return response
        # Without a way back: what only takes a form is no page to come to.
        context = {**repeatable(request), "log_in": reverse("account_login")}
        kept = render(request, "logged_out.html", context, status=403)
        kept["Cache-Control"] = "no-store"
        return kept

    return handle


def _is_filled(request: HttpRequest) -> bool:
    """Tell whether a form of ours sent something: a button alone is pressed again as fast."""
    if request.method != "POST" or request.resolver_match is None:
        return False
    return bool(request.FILES) or any(name not in {"csrfmiddlewaretoken", FIELD} for name in request.POST)


def _leads_to_log_in(request: HttpRequest, response: HttpResponse) -> bool:
    """Tell whether nothing was done but asking who it is, to come back here: an act may lead to that page too."""
    address = urlsplit(response.get("Location", ""))
    is_log_in = address.path == reverse("account_login")
    return is_log_in and parse_qs(address.query).get("next") == [request.get_full_path()]
