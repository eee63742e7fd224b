"""What a person reads when two requests met: the database ended one of them, or what one shows is gone for the other."""

import logging
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected

from hubportal.deadline import TooLate
from hubportal.kernel.errors import NotAllowed
from hubportal.middleware import Handler, took_too_long, wants_json

logger = logging.getLogger(__name__)
# What the page that keeps what was typed does not repeat: the token is made anew, and a password is nobody's to keep.
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 -- the name of a field
_NOT_REPEATED = "password"


def is_deadlock(problem: BaseException | None) -> bool:
    """Tell whether the database ended a transaction so that another could go on: nothing of it was written."""
    while problem is not None:
        if isinstance(problem, DeadlockDetected):
            return True
        problem = problem.__cause__ or problem.__context__
    return False


class TryAgain:
    """Do once more what a deadlock undid; when that fails too, keep what was typed on a page with one button.

    What somebody may do no more between the page and the act, or what is gone by then, answers 404 as a page does that was
    opened later (rule 22).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Call the view once more, and say that it is busy where that waits for somebody too."""
        if request.method == "POST" and isinstance(problem, NotAllowed | ObjectDoesNotExist):
            # With where it came from: a fault of ours would else look like a page that is gone.
            logger.warning("Answered 404 to what is gone, or may be done no more.", exc_info=problem)
            raise Http404 from problem
        match = request.resolver_match
        if match is None or not is_deadlock(problem):
            return None
        for _name, files in request.FILES.lists():
            for each in files:
                each.seek(0)
        try:
            response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        except TooLate:
            return took_too_long()
        except Exception as again:
            if not is_deadlock(again):
                raise
            return _busy(request)
        return response


def _busy(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        response: HttpResponse = JsonResponse({"error": _("It is busy. We keep trying.")}, status=503)
    else:
        response = render(request, "busy.html", repeatable(request), status=503)
    response["Retry-After"] = "2"
    return response


def repeatable(request: HttpRequest) -> dict[str, Any]:
    """Return what a page needs to send the same once more: what was sent, and whether that is all of a form."""
    is_whole = not request.FILES and all(_NOT_REPEATED not in name.lower() for name in request.POST)
    sent = list(_sent(request)) if is_whole else []
    return {"sent": sent, "is_form": request.method == "POST" and is_whole}


def _sent(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        if name != _TOKEN:
            yield from ((name, value) for value in values)
